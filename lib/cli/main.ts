// The `gauntlet` command line: subcommands, and the one place where a failure becomes a message and an exit code.
import { Command, CommanderError } from 'commander';
import { messageOf, SubmissionError } from '../errors.ts';
import { backupCommand, restoreCommand } from './backup.ts';
import { boardCommand } from './board.ts';
import { cancelCommand } from './cancel.ts';
import { closeCommand } from './close.ts';
import { datasetCommand } from './dataset.ts';
import { evaluateCommand } from './evaluate.ts';
import { exportCommand } from './export.ts';
import { finalCommand } from './final.ts';
import { gradientCommand } from './gradient.ts';
import { loginCommand, logoutCommand } from './login.ts';
import { protocolCommand } from './protocol.ts';
import { revealCommand } from './reveal.ts';
import { setupCommand } from './setup.ts';
import { SiteError } from './site.ts';
import { statusCommand } from './status.ts';
import { submitCommand } from './submit.ts';
import { verifyCommand } from './verify.ts';
import { workerRoleCommand } from './worker-role.ts';

function program(): Command {
  return new Command('gauntlet')
    .description('Measure how a FashionMNIST classifier holds up under perturbations and gradient attacks, on this machine or on the course\'s leaderboard.')
    .addHelpText('after', `
Examples:
  gauntlet evaluate model.onnx --protocol quick          the short measurement, about a minute
  gauntlet evaluate model.onnx model.onnx.data           the whole one, weights in a file of their own
  gauntlet evaluate model.onnx --protocol mine.json --json result.json
  gauntlet protocol mine.json                            is it right, what does it measure, what does it cost
  gauntlet gradient model.onnx --images 0:8 --json gradient.json
  gauntlet dataset --challenge fashion-mnist             the challenge's perturbed training set
  gauntlet login https://gauntlet.example.org            once, with a token of your account page
  gauntlet submit model.onnx --name "wider, with mixup" --wait
  gauntlet status --watch                                your submissions, their place in line and scores
  gauntlet board                                         the leaderboard
  gauntlet verify receipt.json --model model.onnx        is this score what the model does?

Exit codes: 0 done; 1 refused, failed, or a wrong option; 3 the site cannot be reached; 4 not logged in.`)
    .showHelpAfterError('(gauntlet --help, or gauntlet help COMMAND, says what there is)')
    .addCommand(evaluateCommand())
    .addCommand(gradientCommand())
    .addCommand(protocolCommand())
    .addCommand(datasetCommand())
    .addCommand(loginCommand())
    .addCommand(logoutCommand())
    .addCommand(submitCommand())
    .addCommand(statusCommand())
    .addCommand(cancelCommand())
    .addCommand(boardCommand())
    .addCommand(exportCommand())
    .addCommand(verifyCommand())
    .addCommand(setupCommand())
    .addCommand(workerRoleCommand())
    .addCommand(backupCommand())
    .addCommand(restoreCommand())
    .addCommand(closeCommand())
    .addCommand(finalCommand())
    .addCommand(revealCommand());
}

/** What a person reads when a command fails. */
function explain(error: unknown): string {
  if (!(error instanceof SubmissionError)) return messageOf(error);
  const { found, wanted, fix, snippet } = error.problem;
  return [found, wanted, fix, ...(snippet ? ['', snippet] : [])].join('\n');
}

/** Runs the command line `argv` (as process.argv) and says what happened on standard error; the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const commands = program();
  for (const command of [commands, ...commands.commands]) command.exitOverride();
  try {
    await commands.parseAsync(argv);
    return 0;
  } catch (error) {
    // commander has said its own word already.
    if (error instanceof CommanderError) return error.exitCode;
    console.error(explain(error));
    return error instanceof SiteError ? error.exitCode : 1;
  }
}
