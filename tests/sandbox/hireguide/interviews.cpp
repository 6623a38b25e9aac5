#include "sandbox/fields.hpp"
#include "sandbox/hireguide/calls.hpp"

namespace crosswalk::sandbox::hireguide {

namespace json = boost::json;

Answer get_interview(Call const& call) {
    Interview const* const interview = call.state.find_interview(call.ids[0]);
    return interview == nullptr ? no_such("interview") : json_answer(200, {{"data", interview->printed}});
}

Answer get_export(Call const& call) {
    Interview const* const interview = call.state.find_interview(call.ids[0]);
    if (interview == nullptr || interview->pdf.empty()) {
        return no_such("export");
    }
    return {.status = 200, .body = interview->pdf, .content_type = "application/pdf"};
}

Answer put_export_result(Call const& call) {
    auto const body = call.request.json_object();
    if (!body) {
        return invalid(400, {{"body", "must be a JSON object"}});
    }
    Interview* const interview = call.state.find_interview(call.ids[0]);
    if (interview == nullptr) {
        return no_such("interview");
    }
    Fields fields(*body);
    auto const status = fields.text("status");
    auto const message = fields.text("message");
    (void)fields.text("ats_file_id");
    bool const known = status && (*status == "done" || *status == "failed") && message;
    if (auto const complaint = fields.complaint(); !complaint.empty() || !known) {
        return invalid(422, {{"status", complaint.empty() ? "must be done or failed, with a message" : complaint}});
    }
    static constexpr std::size_t results_max = 1000;
    if (interview->results.size() < results_max) {
        interview->results.push_back(*body);
    }
    return json_answer(200, {{"data", *body}});
}

}  // namespace crosswalk::sandbox::hireguide
