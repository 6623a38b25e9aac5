headline() { echo "Lever and HRLogics: consent, a survey for every new applicant, and exactly one tag"; }

configure() {
  example lever-hrlogics
  in_config "s#https://api.example.com#$vendors/hrlogics#" 's#example-client-id#lever-sandbox-client#'
  printf '  base_url: %s/lever/v1\n' "$vendors" >>"$config/connections/lever.yaml"
  sed -i "s#^    use: .*#&\n    authorize_url: $vendors/lever/authorize\n    token_url: $vendors/lever/oauth/token#" "$config/connections/lever.yaml"
  secret hrlogics-api-token hrlogics-sandbox-token
  secret hrlogics-webhook-secret "$(random_secret)"
  secret lever-client-secret lever-sandbox-secret
  secret store-key "$(head -c 32 /dev/urandom | base64)"
  control POST /lever/settings '{"rate_per_s":0}' >/dev/null
}

applicant_of() { control GET "/hrlogics/applicants?external_id=lever:opp:$1" | jq -r '[.. | objects | select(.survey_status?)][0].id // empty'; }
applicant_is_there() { [[ -n $(applicant_of "$1") ]]; }
tags_are() { control GET "/lever/candidates/$1" | jq -e --argjson tags "$2" '[.. | objects | select(.tags?)][0].tags | sort == ($tags | sort)' >/dev/null; }
tell() {
  step "The administrator gives consent in Lever"
  local address wendy wanda
  address=$(crosswalk --output json connections authorize lever | jq -r .authorize_url)
  line "$address" | cut -c1-110
  curl -sSL --max-time 20 "$address" >"$work/callback.html"
  connected() { crosswalk --output json connections list | jq -e '[.. | objects | select(.connection? == "lever" or .name? == "lever")][0] | tostring | contains("connected")' >/dev/null; }
  expect "the connection is connected" eventually 20 connected
  subscribed() { control GET /lever/webhooks | jq -e '[.. | objects | select(.event? == "applicationCreated")] | length == 1' >/dev/null; }
  expect "the host made the webhook Application Created by itself" eventually 30 subscribed

  step "Wendy applies for a job"
  wendy=$(new_candidate '{"name":"Wendy Example","email":"wendy.example@example.com","tags":["from a fair"]}')
  expect "HRLogics has the applicant and sends the survey" eventually 20 applicant_is_there "$wendy"
  expect "no tag before the survey is completed" tags_are "$wendy" '["from a fair"]'

  step "She completes the survey"
  control POST "/hrlogics/applicants/$(applicant_of "$wendy")/complete" '{"status":"Pre Qualified"}' >/dev/null
  expect "the opportunity carries exactly the tag HRLogics-WOTC:Pre Qualified, and her own" \
    eventually 20 tags_are "$wendy" '["from a fair","HRLogics-WOTC:Pre Qualified"]'

  step "HRLogics corrects its decision"
  control POST "/hrlogics/applicants/$(applicant_of "$wendy")/complete" '{"status":"Not Qualified"}' >/dev/null
  expect "the one tag took the place of the other" \
    eventually 20 tags_are "$wendy" '["from a fair","HRLogics-WOTC:Not Qualified"]'

  step "Wanda applies without an e-mail address"
  wanda=$(new_candidate '{"name":"Wanda Example"}')
  skipped() { crosswalk events list | grep -q skipped; }
  expect "nothing was sent, and the history says why" eventually 20 skipped
  expect "HRLogics knows nobody of that application" test -z "$(applicant_of "$wanda")"
  crosswalk events list | indent
}
