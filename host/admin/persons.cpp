#include "admin/persons.hpp"

#include "store/file_uses.hpp"
#include "store/persons.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <iterator>
#include <set>

namespace crosswalk::admin {
namespace {

// Of the files that records named before somebody was erased, those that none names now.
model::Result<std::size_t> erase_orphans(Api& api, std::set<std::string> const& before) {
    if (before.empty()) {
        return std::size_t{0};
    }
    auto const still = store::files_in_use(api.store, {before.begin(), before.end()});
    if (!still) {
        return still.error();
    }
    std::vector<std::string> orphans;
    std::set_difference(before.begin(), before.end(), still->begin(), still->end(), std::back_inserter(orphans));
    return api.erase_files(orphans);
}

}  // namespace

// The log says that somebody was erased, never who.
http::Response erase_person(Api& api, Call const& call) {
    auto const before = store::files_in_use(api.store, api.files ? api.files() : std::vector<std::string>());
    if (!before) {
        return http::problem(before.error());
    }
    auto const erased = store::Persons(api.store).erase(call.body_text("person"));
    if (!erased) {
        return http::problem(erased.error());
    }
    auto const files = erase_orphans(api, *before);
    if (!files) {
        return http::problem(files.error());
    }
    api.logger.info("A person was erased.", {{"events", erased->events},
                                             {"deliveries", erased->deliveries},
                                             {"unread_discarded", erased->unread_discarded},
                                             {"files", *files},
                                             {"proven", erased->proven}});
    api.wake();
    return json_ok(boost::json::serialize(boost::json::object{{"persons", erased->persons},
                                                              {"events", erased->events},
                                                              {"deliveries", erased->deliveries},
                                                              {"discarded", erased->discarded},
                                                              {"payloads", erased->payloads},
                                                              {"unread_discarded", erased->unread_discarded},
                                                              {"links", erased->links},
                                                              {"files", *files},
                                                              {"bytes_searched", erased->bytes_searched},
                                                              {"proven", erased->proven}}));
}

}  // namespace crosswalk::admin
