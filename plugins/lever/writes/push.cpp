#include "writes/push.hpp"

#include "postings/posting.hpp"
#include "requisitions/requisition.hpp"
#include "writes/actions.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::Outcome;
using connector::PushRequest;

namespace {

using Hook = Outcome (*)(Call&, Api&, PushRequest const&);

struct Action {
    std::string_view name;
    std::string_view schema;
    Hook push;
    Hook look_up;
};

constexpr std::array<Action, 6> actions = {{
    {"add_note", note_schema, push_note, look_up_note},
    {"add_tag", tag_schema, push_tag, look_up_tag},
    {"remove_tag", tag_schema, push_tag, look_up_tag},
    {"attach_file", file_schema, push_file, look_up_file},
    {"upsert_requisition", requisition_update_schema, push_requisition, look_up_requisition},
    {"update_posting", posting_update_schema, push_posting, look_up_posting},
}};

Action const& action_of(PushRequest const& request) {
    auto const found = std::find_if(actions.begin(), actions.end(), [&](Action const& action) {
        return action.name == request.action && action.schema == request.schema;
    });
    if (found == actions.end()) {
        throw Failure(CW_ERR_UNSUPPORTED, "Lever's connector has no such action for this kind of record.");
    }
    return *found;
}

}  // namespace

Outcome push(Call& call, Api& api, PushRequest const& request) {
    return action_of(request).push(call, api, request);
}

Outcome look_up(Call& call, Api& api, PushRequest const& request) {
    return action_of(request).look_up(call, api, request);
}

}  // namespace crosswalk::lever
