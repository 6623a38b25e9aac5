// Node-RED as its guide sets it up for production, but for what the measurement needs: no editor to log in to, and the
// crypto module for the function node that checks the signature.
module.exports = {
  flowFile: "flows.json",
  uiHost: "127.0.0.1",
  uiPort: Number(process.env.BENCH_PORT),
  httpAdminRoot: false,
  credentialSecret: "bench",
  functionGlobalContext: {
    crypto: require("crypto"),
    signatureToken: process.env.BENCH_SIGNATURE_TOKEN,
    sink: process.env.BENCH_SINK,
  },
  logging: { console: { level: "warn", metrics: false, audit: false } },
  // As many connections to the target as Crosswalk may have there.
  httpRequestTimeout: 120000,
};
