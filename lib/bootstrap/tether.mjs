// Preloaded into every process the bootstrap starts: when the bootstrap dies, even by kill -9, they stop too.
if (process.send) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}
