#include "sandbox/fields.hpp"
#include "sandbox/hireguide/controls.hpp"
#include "sandbox/hireguide/pdf.hpp"

#include <Poco/Base64Encoder.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace crosswalk::sandbox::hireguide {
namespace {

namespace json = boost::json;

constexpr std::size_t pdf_bytes_max = 26'214'400;
constexpr std::size_t interviews_max = 100'000;
constexpr std::array<std::string_view, 6> faults{"", "sha256", "size", "not_pdf", "too_large", "stranger"};

std::string base64(std::string const& bytes) {
    std::ostringstream encoded;
    Poco::Base64Encoder encoder(encoded);
    encoder.rdbuf()->setLineLength(0);
    encoder << bytes;
    encoder.close();
    return encoded.str();
}

json::object print(Interview const& interview) {
    return {{"id", interview.id},
            {"candidate_id", interview.candidate},
            {"scores_submitted", interview.scores_submitted},
            {"sha256", interview.pdf.empty() ? "" : sha256_hex(interview.pdf)},
            {"size", interview.pdf.size()},
            {"results", interview.results}};
}

// As interview_get.json has it.
json::object details(Interview const& interview, Candidate const& candidate) {
    return {{"id", interview.id},
            {"position_id", candidate.position},
            {"candidate_id", candidate.id},
            {"status", interview.scores_submitted ? "scored" : "completed"},
            {"started_at", "2026-11-21T20:00:00Z"},
            {"ended_at", "2026-11-21T20:45:00Z"},
            {"scores", json::array{json::object{
                           {"skill", "Troubleshooting"}, {"score", 4}, {"max", 5}, {"note", "Clear method"}}}},
            {"highlights", json::array{json::object{{"at_seconds", 312}, {"text", "Explained the outage timeline"}}}}};
}

json::object file_of(Interview const& interview, std::string const& name, std::string const& fault, bool by_url) {
    json::object file{{"name", name},
                      {"content_type", "application/pdf"},
                      {"size", interview.pdf.size()},
                      {"sha256", sha256_hex(interview.pdf)}};
    if (fault == "sha256") {
        file["sha256"] = std::string(64, '0');
    } else if (fault == "size") {
        file["size"] = interview.pdf.size() + 1;
    } else if (fault == "too_large") {
        file["size"] = pdf_bytes_max + 1;
    }
    if (by_url) {
        file["download_url"] = "/v1/interviews/" + interview.id + "/export.pdf";
    } else {
        file["content_base64"] = base64(interview.pdf);
    }
    return file;
}

}  // namespace

Answer control_add_interview(ControlCall const& call) {
    Fields fields(call.body);
    auto const candidate = fields.text("candidate");
    bool const scored = fields.flag("scores_submitted").value_or(true);
    std::lock_guard const lock(call.state.mutex);
    Candidate const* const interviewed = candidate ? call.state.find_candidate(*candidate) : nullptr;
    if (auto const complaint = fields.complaint(); !complaint.empty() || interviewed == nullptr) {
        return control_refusal(400, complaint.empty() ? "candidate is needed, and must be known" : complaint);
    }
    if (call.state.interviews.size() == interviews_max) {
        return control_refusal(503, "too many interviews");
    }
    Interview& made = call.state.interviews.emplace_back(
        Interview{"int_" + std::to_string(call.state.next_interview++), interviewed->id, scored});
    made.printed = details(made, *interviewed);
    return json_answer(201, print(made));
}

Answer control_get_interview(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    Interview const* const interview = call.state.find_interview(call.ids.front());
    return interview == nullptr ? control_refusal(404, "no such interview") : json_answer(200, print(*interview));
}

Answer control_submit_scores(ControlCall const& call) {
    json::object data;
    {
        std::lock_guard const lock(call.state.mutex);
        Interview* const interview = call.state.find_interview(call.ids.front());
        if (interview == nullptr) {
            return control_refusal(404, "no such interview");
        }
        interview->scores_submitted = true;
        interview->printed["status"] = "scored";
        data = {{"interview_id", interview->id}, {"candidate_id", interview->candidate}};
    }
    return answer_sent(call.callbacks.send("scores.submitted", data));
}

Answer control_export(ControlCall const& call) {
    Fields fields(call.body);
    std::string const fault = fields.text("fault").value_or("");
    bool const by_url = fields.flag("by_url").value_or(false);
    std::string const notes = fields.text("notes").value_or("Clear method.");
    auto const name = fields.text("name");
    bool const known = std::find(faults.begin(), faults.end(), fault) != faults.end();
    if (auto const complaint = fields.complaint(); !complaint.empty() || !known) {
        return control_refusal(400, complaint.empty() ? "fault is not one that is known" : complaint);
    }
    json::object data;
    {
        std::lock_guard const lock(call.state.mutex);
        Interview* const interview = call.state.find_interview(call.ids.front());
        Candidate const* const candidate =
            interview == nullptr ? nullptr : call.state.find_candidate(interview->candidate);
        if (candidate == nullptr) {
            return control_refusal(404, "no such interview");
        }
        interview->pdf = fault == "not_pdf"
                             ? std::string("<html>no PDF</html>")
                             : make_pdf({"Interview notes " + interview->id, "Candidate: " + name_of(*candidate),
                                         "Troubleshooting: 4 of 5", notes});
        data = {
            {"interview_id", interview->id},
            {"position_id", candidate->position},
            {"candidate_id", candidate->id},
            {"external_candidate_id",
             fault == "stranger" ? std::string("lever:opp:nobody") : text_of(candidate->sent, "external_id")},
            {"scores_submitted", interview->scores_submitted},
            {"overall_score", 4.2},
            {"score_scale", {{"min", 1}, {"max", 5}}},
            {"file", file_of(*interview, name.value_or("Hireguide interview notes - " + name_of(*candidate) + ".pdf"),
                             fault, by_url)},
            {"exported_by", "owner@example.com"}};
    }
    return answer_sent(call.callbacks.send("interview.exported", data));
}

}  // namespace crosswalk::sandbox::hireguide
