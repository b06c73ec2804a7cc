// Preloaded into every process the bootstrap starts: when the bootstrap dies, even by kill -9, they stop too.
// Their own children inherit the preload but not the tether: their channel to their parent must stay as it is.
if (process.send && process.env.GAUNTLET_TETHERED_TO === String(process.ppid)) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}
