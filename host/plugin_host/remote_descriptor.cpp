#include "plugin_host/remote_descriptor.hpp"

#include "plugin_host/descriptor.hpp"

#include <utility>

namespace crosswalk::plugin_host {
namespace {

// As many as copy_descriptor may find too many of.
constexpr std::size_t entries_max = 257;
constexpr std::size_t connectors_max = 32;

void put_list(Fields& to, std::vector<std::string> const& texts) {
    to.put(static_cast<std::int64_t>(texts.size()));
    for (std::string const& text : texts) {
        to.put(text);
    }
}

}  // namespace

void put_connector(Fields& to, ConnectorInfo const& info) {
    to.put(static_cast<std::int64_t>(info.caps)).put(info.id).put(info.name).put(info.vendor).put(info.version);
    to.put(info.support).put(info.settings_schema);
    to.put(static_cast<std::int64_t>(info.triggers.size()));
    for (TriggerInfo const& trigger : info.triggers) {
        to.put(trigger.event).put(trigger.title).put(trigger.schema).put(trigger.canonical);
        to.put(static_cast<std::int64_t>(trigger.flags)).put(trigger.select_schema);
    }
    to.put(static_cast<std::int64_t>(info.actions.size()));
    for (ActionInfo const& action : info.actions) {
        to.put(action.name).put(action.title).put(action.canonical).put(action.schema);
    }
    put_list(to, info.secrets);
    put_list(to, info.egress);
    to.put(static_cast<std::int64_t>(info.requests_per_second)).put(static_cast<std::int64_t>(info.requests_burst));
}

RemoteDescriptor::RemoteDescriptor(Reader& from) {
    raw_.struct_size = sizeof raw_;
    raw_.caps = static_cast<std::uint32_t>(from.number() & 0xFFFFFFFF);
    raw_.id = keep(from);
    raw_.name = keep(from);
    raw_.vendor = keep(from);
    raw_.version = keep(from);
    raw_.support = keep(from);
    raw_.settings_schema = keep(from);
    for (std::size_t i = from.count(entries_max); i-- > 0;) {
        char const* const event = keep(from);
        char const* const title = keep(from);
        char const* const schema = keep(from);
        char const* const canonical = keep(from);
        auto const flags = static_cast<std::uint32_t>(from.number() & 0xFFFFFFFF);
        char const* const select_schema = keep(from);
        trigger_list_.push_back(&triggers_.emplace_back(cw_trigger{
            static_cast<std::uint32_t>(sizeof(cw_trigger)), flags, event, title, schema, canonical, select_schema}));
    }
    for (std::size_t i = from.count(entries_max); i-- > 0;) {
        char const* const name = keep(from);
        char const* const title = keep(from);
        char const* const canonical = keep(from);
        char const* const schema = keep(from);
        action_list_.push_back(&actions_.emplace_back(
            cw_action{static_cast<std::uint32_t>(sizeof(cw_action)), 0, name, title, canonical, schema}));
    }
    secrets_ = keep_list(from);
    egress_ = keep_list(from);
    raw_.requests_per_second = static_cast<std::uint32_t>(from.number() & 0xFFFFFFFF);
    raw_.requests_burst = static_cast<std::uint32_t>(from.number() & 0xFFFFFFFF);
    trigger_list_.push_back(nullptr);
    action_list_.push_back(nullptr);
    raw_.triggers = trigger_list_.data();
    raw_.actions = action_list_.data();
    raw_.secrets = secrets_.data();
    raw_.egress = egress_.data();
}

char const* RemoteDescriptor::keep(Reader& from) {
    return texts_.emplace_back(from.text()).c_str();
}

std::vector<char const*> RemoteDescriptor::keep_list(Reader& from) {
    std::vector<char const*> list;
    for (std::size_t i = from.count(entries_max); i-- > 0;) {
        list.push_back(keep(from));
    }
    list.push_back(nullptr);
    return list;
}

model::Result<Description> read_description(std::string const& path, Reader& from) {
    Description description;
    std::string const toolchain(from.text());
    std::size_t const count = from.count(connectors_max);
    for (std::size_t i = 0; i < count; ++i) {
        auto descriptor = std::make_unique<RemoteDescriptor>(from);
        auto info = copy_descriptor(path, toolchain, descriptor->get());
        if (!info) {
            return info.error();
        }
        description.infos.push_back(std::move(*info));
        description.descriptors.push_back(std::move(descriptor));
    }
    if (!from.good() || count == 0) {
        return model::Error{model::ErrorCode::invalid_argument,
                            "The connector library \"" + path + "\" describes itself in a way that makes no sense."};
    }
    return description;
}

}  // namespace crosswalk::plugin_host
