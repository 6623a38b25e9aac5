// Prints the workflow: what tests/bench/relay does, in n8n's nodes. `node workflow.js async|sync`
//   async   answers the vendor when the execution has begun, before the signature is checked: so n8n is quickest
//   sync    answers when the target has answered; 500 for a false signature or a target that refuses
const sync = process.argv[2] === "sync";

const verifyAndMap = `
const crypto = require("crypto");
const hook = $input.first().json.body;
const expected = crypto.createHmac("sha256", ${JSON.stringify(process.env.BENCH_SIGNATURE_TOKEN)})
  .update(hook.token + hook.triggeredAt).digest();
const given = Buffer.from(String(hook.signature), "hex");
if (given.length !== expected.length || !crypto.timingSafeEqual(given, expected)) {
  throw new Error("the signature is false");
}
const id = hook.data.opportunityId;
const person = {
  id, firstName: id.slice(0, 8), lastName: id.slice(24), email: id + "@example.com", phone: "+1 555 0100",
  jobTitle: "Engineer", employmentType: "full_time", startDate: "2026-12-01", department: "Research", location: "Remote",
};
return [{ json: { key: hook.id, person } }];`;

const node = (name, type, typeVersion, parameters) =>
  ({ id: name, name, type: "n8n-nodes-base." + type, typeVersion, position: [0, 0], parameters });
const to = (name) => ({ main: [[{ node: name, type: "main", index: 0 }]] });

const workflow = {
  id: "hires", name: "hires", active: false, settings: { executionOrder: "v1" },
  nodes: [
    { ...node("in", "webhook", 2.1, { httpMethod: "POST", path: "lever", options: {},
        ...(sync ? { responseMode: "lastNode", responseData: "noData" } : { responseMode: "onReceived" }) }),
      webhookId: "hires" },
    node("map", "code", 2, { jsCode: verifyAndMap }),
    node("post", "httpRequest", 4.3, { method: "POST", url: "={{ $env.BENCH_SINK }}/people", options: {},
      sendHeaders: true, headerParameters: { parameters: [{ name: "Idempotency-Key", value: "={{ $json.key }}" }] },
      sendBody: true, specifyBody: "json", jsonBody: "={{ JSON.stringify($json.person) }}" }),
  ],
  connections: { in: to("map"), map: to("post") },
};
process.stdout.write(JSON.stringify([workflow]));
