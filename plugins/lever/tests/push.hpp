// Pushes, played: canonical records through map out, and what push() takes of them.
#pragma once

#include "fixture.hpp"

namespace crosswalk::lever {
inline json::object of_opportunity(json::object record) {
    record["application"] = {{"system", "lever-main"}, {"kind", "opportunity"}, {"id", opportunity_id}};
    return record;
}

class LeverPush : public LeverTest {
protected:
    using LeverTest::LeverTest;

    [[nodiscard]] CallResult map_out(json::object const& record, std::string const& kind, std::string const& to) {
        return lever().map(CW_MAP_OUT, "crosswalk." + kind + "/1", json::serialize(record), to);
    }
    // The record that push() takes.
    [[nodiscard]] std::string made(json::object const& record, std::string const& kind, std::string const& to) {
        CallResult const result = map_out(of_opportunity(record), kind, to);
        EXPECT_EQ(result.status, CW_OK) << result.message;
        EXPECT_EQ(result.records.size(), 1U);
        return result.records.empty() ? "{}" : json::serialize(result.records[0].data);
    }
    [[nodiscard]] std::string note(std::string const& body = "Exported to GoCo.") {
        return made({{"kind", "note"}, {"body", body}}, "note", "lever.note/1");
    }
    [[nodiscard]] std::string tag(std::string const& name = "HRLogics-WOTC:Pre Qualified") {
        return made({{"kind", "tag"}, {"name", name}}, "tag", "lever.tag/1");
    }
    [[nodiscard]] std::string file(std::string const& name = "interview-summary.pdf",
                                   std::string const& bytes = "aGVsbG8=") {
        return made({{"kind", "attachment"},
                     {"file_name", name},
                     {"content_type", "application/pdf"},
                     {"content_base64", bytes}},
                    "attachment", "lever.file/1");
    }
    [[nodiscard]] json::value sent_body() { return host.requests("POST", api).at(0).json(); }
    // A page of Lever's notes, one of which says `text`.
    static std::string notes_page(std::string const& text, std::string const& next = {}) {
        json::object page{{"data", {{{"id", "n-1"}, {"fields", {{{"type", "note"}, {"value", text}}}}}}}};
        page["hasNext"] = !next.empty();
        if (!next.empty()) {
            page["next"] = next;
        }
        return json::serialize(page);
    }
    std::string const path = "/opportunities/" + opportunity_id;
};

}  // namespace crosswalk::lever
