#include "admin/persons.hpp"

#include "store/persons.hpp"

#include <boost/json.hpp>

namespace crosswalk::admin {

// The log says that somebody was erased, never who.
http::Response erase_person(Api& api, Call const& call) {
    auto const erased = store::Persons(api.store).erase(call.body_text("person"));
    if (!erased) {
        return http::problem(erased.error());
    }
    api.logger.info("A person was erased.", {{"events", erased->events},
                                             {"deliveries", erased->deliveries},
                                             {"unread_discarded", erased->unread_discarded},
                                             {"proven", erased->proven}});
    api.wake();
    return json_ok(boost::json::serialize(boost::json::object{{"persons", erased->persons},
                                                              {"events", erased->events},
                                                              {"deliveries", erased->deliveries},
                                                              {"discarded", erased->discarded},
                                                              {"payloads", erased->payloads},
                                                              {"unread_discarded", erased->unread_discarded},
                                                              {"links", erased->links},
                                                              {"bytes_searched", erased->bytes_searched},
                                                              {"proven", erased->proven}}));
}

}  // namespace crosswalk::admin
