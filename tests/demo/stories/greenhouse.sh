headline() { echo "Greenhouse to GoCo: employee and documents, and the activity feed says why when it did not work"; }

configure() {
  example greenhouse-to-goco
  in_config "s#https://api.example.com/v1#$vendors/goco#" 's#example-company#acme-demo#' \
    's#example-client-id#greenhouse-sandbox.client#' 's#1000001#92120#' 's#people-ops@example.com#gh.admin@example.com#' \
    's#\[skipped, failed\]#[delivered, skipped, failed]#'
  printf '  base_url: %s/greenhouse\n  token_url: %s/greenhouse/token\n' "$vendors" "$vendors" >>"$config/connections/greenhouse.yaml"
  echo '  allow_insecure: true' >>"$config/connections/goco.yaml"
  secret greenhouse-client-secret greenhouse-sandbox-secret
  secret greenhouse-webhook-key "$(random_secret)"
  secret goco-api-key goco-sandbox-key
}

greenhouse_candidate() { control POST /greenhouse/candidates "$1" | jq -r .candidate_id; }
feed() { control GET "/greenhouse/notes?candidate=$1" | jq -e --arg text "$2" 'any(.notes[]; .body | contains($text))' >/dev/null; }

tell() {
  expect "Greenhouse's ping was answered with 200, so it enabled the webhook" control_is '.ping.state == "received"' \
    POST /greenhouse/webhooks "{\"event\":\"hire_candidate\",\"url\":\"$(hook greenhouse)\",\"secret_key\":\"$(<"$config/secrets/greenhouse-webhook-key")\"}"

  step "Eva Example, with a signed offer letter, is marked as hired in Greenhouse"
  local eva twin
  eva=$(greenhouse_candidate '{"first_name":"Eva","last_name":"Example","email":"eva.example@example.com",
    "offer":{"starts_on":"2026-12-07","custom_fields":{"employment_type":"Full-time"}},
    "documents":[{"filename":"offer.pdf","type":"signed_offer_letter","content":"%PDF-1.4 offer"}]}')
  control POST "/greenhouse/candidates/$eva/hire" >/dev/null
  expect "the employee exists in GoCo" eventually 20 employee_count_is Eva Example 1
  documents() { control_is '.count == 1' GET "/goco/documents?employee=$(employees Eva Example | jq -r '.employees[0].id')"; }
  expect "the offer letter is among her documents" eventually 15 documents
  expect "the activity feed says that she was exported" eventually 15 feed "$eva" "Exported to GoCo"

  step "Another Eva Example is hired"
  twin=$(greenhouse_candidate '{"first_name":"Eva","last_name":"Example","email":"eva.two@example.com"}')
  control POST "/greenhouse/candidates/$twin/hire" >/dev/null
  expect "her activity feed says why nothing was created" eventually 15 feed "$twin" "duplicate"
  expect "there is still one employee" employee_count_is Eva Example 1

  step "crosswalk events list"
  crosswalk events list | indent
}
