headline() { echo "Lever and ChartHop: jobs become requisitions, a hire becomes a new hire, and the second run writes nothing"; }

configure() {
  example lever-charthop
  in_config 's#example-company#acme-demo#' 's#000000000000000000000001#588f7ee98f138b19220041ff#' \
    's#11111111-2222-4333-8444-555555555555#ac92b6db-6e40-4b08-ae7b-236ba24f0a82#'
  printf '  base_url: %s/charthop\n' "$vendors" >>"$config/connections/charthop.yaml"
  printf '  base_url: %s/lever/v1\n' "$vendors" >>"$config/connections/lever.yaml"
  secret charthop-token charthop-sandbox-token
  secret charthop-path-key "$(random_secret)"
  secret lever-api-key lever-sandbox-key
  secret lever-hired-token "$(random_secret)"
  control POST /lever/settings '{"rate_per_s":0}' >/dev/null
}

requisition_is() { control GET /lever/requisitions | jq -e --arg code "$1" "[.. | objects | select(.requisitionCode? == \$code)] | length == 1 and (.[0] | $2)" >/dev/null; }
person_is_there() { control GET /charthop/people | jq -e --arg mail "$1" '[.. | strings | select(. == $mail)] | length > 0' >/dev/null; }
run_of() { crosswalk --output json routes run "$1" --full --wait; }

tell() {
  local nina job
  control POST /charthop/webhook "{\"url\":\"$(hook charthop)/$(<"$config/secrets/charthop-path-key")\"}" >/dev/null
  line "ChartHop sends its events to $(hook charthop)/<secret>"

  step "An open job is made in ChartHop"
  job=$(control POST /charthop/jobs '{"title":"Night Nurse","req":"NN-1","recruit":"ACTIVE"}' | jq -r '.id // .jobId')
  expect "Lever has the requisition NN-1" eventually 20 requisition_is NN-1 '.name == "Night Nurse" and .status == "open"'

  step "Its title is changed in ChartHop (Sync On Change)"
  control POST "/charthop/jobs/$job" '{"title":"Head Night Nurse"}' >/dev/null
  expect "Lever has the new name, and still one requisition" eventually 20 requisition_is NN-1 '.name == "Head Night Nurse"'

  step "Somebody changes it by hand in Lever, and Reconciliation puts it right"
  control POST "/lever/requisitions/$(control GET /lever/requisitions | jq -r '[.. | objects | select(.requisitionCode? == "NN-1")][0].id')" \
    '{"name":"Changed by hand"}' >/dev/null
  run_of charthop-reconciliation >"$work/run.json" || true
  expect "the requisition is as ChartHop says" eventually 20 requisition_is NN-1 '.name == "Head Night Nurse"'
  writes() { control GET "/requests?vendor=lever&last=2000" | jq '[.. | objects | select(.method? == "POST" or .method? == "PUT")] | length'; }
  local before
  eventually 20 settled
  before=$(writes)
  run_of charthop-reconciliation >"$work/run.json" || true
  eventually 20 settled
  expect "a second run without changes writes nothing" test "$(writes)" = "$before"
  crosswalk routes runs charthop-reconciliation | indent

  step "Nina Example is hired in Lever for that requisition"
  lever_sends candidateHired lever-hired-token
  nina=$(new_candidate '{"name":"Nina Example","email":"nina.example@example.com","phone":"+1 555 0101",
    "requisition_code":"NN-1","offer":{"job_title":"Head Night Nurse","anticipated_start_date":1796083200000}}')
  hire "$nina" >/dev/null
  expect "ChartHop has the person" eventually 20 person_is_there nina.example@example.com
  hired() { control GET /charthop/changes | jq -e '[.. | objects | select(.type? == "HIRE")] | length == 1' >/dev/null; }
  expect "and one hire into the job" eventually 20 hired

  step "A second candidate is hired for the same job"
  local otto
  otto=$(new_candidate '{"name":"Otto Example","email":"otto.example@example.com","requisition_code":"NN-1",
    "offer":{"job_title":"Head Night Nurse","anticipated_start_date":1796083200000}}')
  hire "$otto" >/dev/null
  expect "a note in Lever says why he was not processed" eventually 20 lever_note "$otto" "hire"
  expect "there is still one hire" hired
}
