headline() { echo "Lever and Hireguide: a job becomes a position, applicants become candidates, an interview comes back as a PDF"; }

configure() {
  example lever-hireguide
  posting=$(control POST /lever/postings '{"text":"Nurse (Remote)","categories":{"department":"Care"}}' | jq -r .posting_id)
  in_config "s#https://api.example.com#$vendors/hireguide#" "s#730e37db-93d3-4acf-b9de-7cfc397cef1d#$posting#"
  printf '  base_url: %s/lever/v1\n' "$vendors" >>"$config/connections/lever.yaml"
  in_config 's#perform_as: [0-9a-f-]*#perform_as: ac92b6db-6e40-4b08-ae7b-236ba24f0a82#'
  secret hireguide-api-token hireguide-sandbox-token
  secret hireguide-webhook-secret "$(random_secret)"
  secret lever-api-key lever-sandbox-key
  control POST /lever/settings '{"rate_per_s":0}' >/dev/null
}

candidate_named() { control GET /hireguide/candidates | jq -r --arg name "$1" '[.. | objects | select(.last_name? == $name)][0].id // empty'; }
has_candidate() { [[ -n $(candidate_named "$1") ]]; }
files_of() { control GET "/lever/files?opportunity=$1" | jq '[.. | objects | select(.name?)] | length'; }
files_are() { [[ $(files_of "$1") == "$2" ]]; }
told() { control GET "/hireguide/interviews/$1" | jq -e --arg status "$2" '[.. | objects | select(.status? == $status)] | length > 0' >/dev/null; }

tell() {
  local hanna interview
  control POST /hireguide/callback \
    "{\"url\":\"$(hook hireguide)\",\"secret\":\"$(<"$config/secrets/hireguide-webhook-secret")\",\"tries\":5,\"retry_gap_ms\":100}" >/dev/null

  step "The first sync runs in the background"
  named() { control GET /hireguide/positions | jq -e '[.. | objects | select(.name? == "Nurse (Remote)")] | length > 0' >/dev/null; }
  expect "a position is connected with the Lever job and carries the job's name" eventually 60 named
  crosswalk routes runs support-candidates | indent

  step "Hanna Example applies in Lever, and somebody presses Sync Now in Hireguide"
  hanna=$(new_candidate "{\"name\":\"Hanna Example\",\"email\":\"hanna.example@example.com\",\"posting\":\"$posting\"}")
  control POST /hireguide/sync_now '{}' >/dev/null
  expect "she is listed in Hireguide" eventually 30 has_candidate Example

  step "Her interview is scored and exported as a PDF to the ATS"
  interview=$(control POST /hireguide/interviews "{\"candidate\":\"$(candidate_named Example)\",\"scores_submitted\":true}" | jq -r .id)
  control POST "/hireguide/interviews/$interview/export" '{}' >/dev/null
  expect "the file is on her opportunity in Lever" eventually 20 files_are "$hanna" 1
  expect "Hireguide was told that it is done" eventually 20 told "$interview" "done"

  step "The same export again"
  control POST "/hireguide/interviews/$interview/export" '{}' >/dev/null
  sleep 1
  expect "there is still one file" files_are "$hanna" 1

  step "Another interview is exported before its scores were submitted"
  interview=$(control POST /hireguide/interviews "{\"candidate\":\"$(candidate_named Example)\",\"scores_submitted\":false}" | jq -r .id)
  control POST "/hireguide/interviews/$interview/export" '{}' >/dev/null
  expect "Hireguide was told why it failed" eventually 20 told "$interview" "failed"
  expect "no file came of it" files_are "$hanna" 1
  crosswalk events list | indent
}
