// The two actions: create an employee once, and upload a document.
//
// Shape    create = look for the person → find the ids behind the names → POST → documents. Everything before the POST
//          may be repeated; the POST may not, so whatever leaves it open is Outcome::unknown and the host looks it up.
// Errors   those of Api. Names that GoCo does not know are warnings, or CW_ERR_INVALID where `otherwise` is fail.
// Threads  safe from any thread; two creates of one name are kept apart by the host through the record's key.
#pragma once

#include "api.hpp"
#include "match.hpp"

namespace crosswalk::goco {

[[nodiscard]] connector::Outcome create_employee(Api const& api, Lists& lists, connector::PushRequest const& request);
// delivered: ours is there with its documents. duplicate: somebody else's. retry: push again, it finds its own traces.
// unknown: GoCo could not be asked.
[[nodiscard]] connector::Outcome look_up_employee(Api const& api, connector::PushRequest const& request);

[[nodiscard]] connector::Outcome upload_document(Api const& api, connector::PushRequest const& request);
[[nodiscard]] connector::Outcome look_up_document(Api const& api, connector::PushRequest const& request);

}  // namespace crosswalk::goco
