// For staff: looking at the site as a student does.
import { button } from '../ui/button';
import { viewAsStudent } from './actions';
import { Section } from './section';

export function StudentView() {
  return (
    <Section
      id="student-view"
      title="View as a student"
      intro="See every page as a student of your challenges sees it, and be refused what a student is. A line on top leads back."
    >
      <form action={viewAsStudent}>
        <button type="submit" className={button.plain}>
          View as a student
        </button>
      </form>
    </Section>
  );
}
