#include "admin/links.hpp"

#include "store/links.hpp"

#include <boost/json.hpp>

namespace crosswalk::admin {
namespace {

namespace json = boost::json;

}  // namespace

// A connection that the configuration no longer has keeps its links, so a name that is unknown is not an error.
http::Response list_links(Api& api, Call const& call) {
    std::string const& connection = call.captured.at("name");
    std::string const kind = call.request.query("kind").value_or("");
    store::Links links(api.store);
    auto const found = links.list(connection, kind, store::Links::listed_max);
    if (!found) {
        return http::problem(found.error());
    }
    auto const count = links.count(connection, kind);
    if (!count) {
        return http::problem(count.error());
    }
    json::array out;
    for (store::Link const& link : *found) {
        out.push_back(json::object{{"kind", link.ours.kind},
                                   {"id", link.ours.id},
                                   {"other_connection", link.theirs.system},
                                   {"other_kind", link.theirs.kind},
                                   {"other_id", link.theirs.id},
                                   {"made_at", model::to_rfc3339(link.made)}});
    }
    return json_ok(json::serialize(json::object{{"links", std::move(out)}, {"count", *count}}));
}

http::Response remove_link(Api& api, Call const& call) {
    store::LinkEnd const ours{call.captured.at("name"), call.body_text("kind"), call.body_text("id")};
    store::LinkEnd const theirs{call.body_text("other_connection"), call.body_text("other_kind"),
                                call.body_text("other_id")};
    for (std::string const* const part : {&ours.kind, &ours.id, &theirs.system, &theirs.kind, &theirs.id}) {
        if (part->empty()) {
            return http::problem(400, "A link is named by kind, id, other_connection, other_kind and other_id.");
        }
    }
    if (auto const removed = store::Links(api.store).remove(ours, theirs); !removed) {
        return http::problem(removed.error());
    }
    api.logger.info("A link is removed.", {{"connection", ours.system}, {"kind", ours.kind}, {"other", theirs.system}});
    return json_ok(R"({"status":"removed"})");
}

}  // namespace crosswalk::admin
