// Writes flows.json: what tests/bench/relay does, in Node-RED's nodes. `node flows.js async|sync`
//   async   answers the vendor at once and posts then
//   sync    answers when the target has answered
const fs = require("fs");
const sync = process.argv[2] === "sync";

const verifyAndMap = `
const crypto = global.get("crypto");
const hook = msg.payload;
const expected = crypto.createHmac("sha256", global.get("signatureToken"))
  .update(hook.token + hook.triggeredAt).digest();
const given = Buffer.from(String(hook.signature), "hex");
if (given.length !== expected.length || !crypto.timingSafeEqual(given, expected)) {
  msg.statusCode = 401;
  return [msg, null];
}
const id = hook.data.opportunityId;
const person = {
  id, firstName: id.slice(0, 8), lastName: id.slice(24), email: id + "@example.com", phone: "+1 555 0100",
  jobTitle: "Engineer", employmentType: "full_time", startDate: "2026-12-01", department: "Research", location: "Remote",
};
const post = { payload: person, url: global.get("sink") + "/people", headers: { "Idempotency-Key": hook.id },
               req: msg.req, res: msg.res };
msg.statusCode = 200;
msg.payload = {};
return [${sync ? "null" : "msg"}, post];`;

const answer = `
msg.statusCode = msg.statusCode >= 200 && msg.statusCode < 300 ? 200 : 503;
msg.payload = {};
msg.headers = {};
return msg;`;

const flow = [
  { id: "flow", type: "tab", label: "hires" },
  { id: "in", z: "flow", type: "http in", url: "/hooks/lever", method: "post", wires: [["map"]] },
  { id: "map", z: "flow", type: "function", func: verifyAndMap, outputs: 2, wires: [["out"], ["post"]] },
  { id: "post", z: "flow", type: "http request", method: "POST", ret: "txt", paytoqs: "ignore", persist: true,
    wires: [sync ? ["answer"] : []] },
  { id: "answer", z: "flow", type: "function", func: answer, outputs: 1, wires: [["out"]] },
  { id: "out", z: "flow", type: "http response", statusCode: "", wires: [] },
];
fs.writeFileSync("flows.json", JSON.stringify(flow));
