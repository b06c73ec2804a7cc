// The last line of every page.
export function Footer() {
  return (
    <footer className="border-t border-line">
      <div className="mx-auto flex max-w-[84rem] flex-wrap gap-x-6 gap-y-1 px-4 py-4 text-small text-muted sm:px-6 lg:px-8">
        <p>Gauntlet evaluates FashionMNIST classifiers on secret, independently perturbed images and under gradient attacks.</p>
        <p className="sm:ml-auto">
          <a href="/api" className="underline underline-offset-4">
            API
          </a>
        </p>
        <p>Intervals are 95 %.</p>
      </div>
    </footer>
  );
}
