headline() { echo "Lever to GoCo: a hire becomes an employee, once, and Lever is told"; }

configure() {
  example demo
  in_config "s#http://127.0.0.1:8480#$vendors#"
  secret lever-api-key lever-sandbox-key
  secret goco-api-key goco-sandbox-key
  secret lever-hired-token "$(random_secret)"
}

tell() {
  lever_sends candidateHired lever-hired-token

  step "Ada Example is marked as hired in Lever"
  local ada delivery twin ben
  ada=$(new_candidate '{"name":"Ada Example","email":"ada.example@example.com","phone":"+1 555 0100",
    "offer":{"job_title":"Support Engineer","direct_manager":"ac92b6db-6e40-4b08-ae7b-236ba24f0a82"}}')
  delivery=$(hire "$ada")
  expect "the webhook was verified, stored and acknowledged" eventually 10 lever_received "$delivery"
  expect "the employee exists in GoCo" eventually 15 employee_count_is Ada Example 1
  employees Ada Example | jq -r '.employees[0] | to_entries[] | select(.value != null and .value != "") | "     \(.key): \(.value)"'
  expect "a note in Lever says that the hire was exported" eventually 15 lever_note "$ada" "Exported to GoCo"

  step "Lever sends the same webhook again"
  control POST "/lever/webhooks/rerun/$delivery" '{}' >/dev/null
  duplicate() { curl -sS "http://127.0.0.1:$admin_port/metrics" | grep -q 'webhooks_total{result="duplicate"} 1'; }
  expect "it was acknowledged and recognised" eventually 10 duplicate
  expect "there is still one employee" employee_count_is Ada Example 1

  step "Another Ada Example is hired"
  twin=$(new_candidate '{"name":"Ada  example","email":"ada.two@example.com"}')
  hire "$twin" >/dev/null
  expect "a note in Lever says why nothing was created" eventually 15 lever_note "$twin" "duplicate"
  expect "there is still one employee" employee_count_is Ada Example 1

  step "Ben Example is hired, but has no e-mail address"
  ben=$(new_candidate '{"name":"Ben Example"}')
  hire "$ben" >/dev/null
  expect "a note in Lever names the missing field and how to fix it" eventually 15 lever_note "$ben" "personal_email"
  expect "nothing was sent to GoCo" employee_count_is Ben Example 0

  step "crosswalk events list"
  crosswalk events list | indent
  step "crosswalk events explain 1"
  crosswalk events explain 1 | indent
}
