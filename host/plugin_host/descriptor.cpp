#include "plugin_host/descriptor.hpp"

#include "plugin_host/text.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace crosswalk::plugin_host {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;

constexpr std::size_t word_bytes_max = 256;
constexpr std::size_t schema_bytes_max = 1024 * 1024;
constexpr std::size_t entries_max = 256;
constexpr std::size_t policies_max = 64;
constexpr std::uint32_t known_caps = CW_CAP_WEBHOOK | CW_CAP_POLL | CW_CAP_MAP_IN | CW_CAP_MAP_OUT | CW_CAP_PUSH |
                                     CW_CAP_PUSH_IDEM | CW_CAP_PARALLEL | CW_CAP_OAUTH | CW_CAP_SUBSCRIBE |
                                     CW_CAP_FIND | CW_CAP_SWEEP;

// Collects the first complaint about one descriptor, so that copying reads as a list of members.
class Copier {
public:
    Copier(std::string path, std::string id) : path_(std::move(path)), id_(std::move(id)) {}

    void complain(std::string const& what) {
        if (!error_) {
            error_ = Error{ErrorCode::invalid_argument, "The connector library \"" + path_ + "\" describes " +
                                                            (id_.empty() ? "a connector" : "\"" + id_ + "\"") +
                                                            " wrongly: " + what};
        }
    }
    std::string text(char const* from, char const* member, bool may_be_empty = false,
                     std::size_t bytes_max = word_bytes_max) {
        std::optional<std::string> copy = bounded_text(from, bytes_max);
        if (!copy) {
            complain(std::string(member) + " is missing, not UTF-8 or longer than " + std::to_string(bytes_max) +
                     " bytes.");
        } else if (copy->empty() && !may_be_empty) {
            complain(std::string(member) + " is empty.");
        }
        return std::move(copy).value_or(std::string());
    }
    // Entries of a NULL-ended array; an absent array is an empty one.
    template <class T>
    std::vector<T const*> entries(T const* const* from, char const* member, std::size_t count_max) {
        std::vector<T const*> found;
        for (; from != nullptr && *from != nullptr; ++from) {
            if (found.size() == count_max) {
                complain(std::string(member) + " has more than " + std::to_string(count_max) +
                         " entries, or no NULL at its end.");
                break;
            }
            found.push_back(*from);
        }
        return found;
    }
    [[nodiscard]] std::optional<Error> const& error() const noexcept { return error_; }

private:
    std::string path_;
    std::string id_;
    std::optional<Error> error_;
};

bool is_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    });
}

// "host", "*.host" or "setting:/pointer". No scheme, no port, no path: those would never match a host.
bool is_egress(std::string_view text) noexcept {
    static constexpr std::string_view by_setting = "setting:/";
    if (text.substr(0, by_setting.size()) == by_setting) {
        return true;
    }
    if (text.substr(0, 2) == "*.") {
        text.remove_prefix(2);
    }
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    });
}

void copy_triggers(Copier& copier, cw_descriptor const& from, ConnectorInfo& to) {
    for (cw_trigger const* trigger : copier.entries(from.triggers, "triggers", entries_max)) {
        if (!CW_HAS(cw_trigger, trigger, canonical)) {
            return copier.complain("a trigger's struct_size is too small.");
        }
        constexpr std::uint32_t known = CW_TRIGGER_WEBHOOK | CW_TRIGGER_POLL | CW_TRIGGER_SIGNAL | CW_TRIGGER_SWEEP;
        std::uint32_t const flags = trigger->flags & known;
        // A signal carries no record, so nothing maps it.
        bool const signal = (flags & CW_TRIGGER_SIGNAL) != 0;
        auto const of_record = [&](char const* text, char const* member, bool may_be_empty) {
            return signal && text == nullptr ? std::string() : copier.text(text, member, signal || may_be_empty);
        };
        TriggerInfo copied{
            copier.text(trigger->event, "trigger.event"), copier.text(trigger->title, "trigger.title", true),
            of_record(trigger->schema, "trigger.schema", false),
            of_record(trigger->canonical, "trigger.canonical", true), flags == 0 ? CW_TRIGGER_WEBHOOK : flags};
        if (CW_HAS(cw_trigger, trigger, select_schema) && trigger->select_schema != nullptr) {
            copied.select_schema = copier.text(trigger->select_schema, "trigger.select_schema", true, schema_bytes_max);
        }
        if (!copied.select_schema.empty() && !is_json_object(copied.select_schema)) {
            copier.complain("the select_schema of the trigger \"" + copied.event + "\" is not a JSON object.");
        }
        if (copied.is_polled() && (from.caps & CW_CAP_POLL) == 0) {
            copier.complain("the trigger \"" + copied.event + "\" is polled, but CW_CAP_POLL is not claimed.");
        }
        if (copied.is_swept() && (!copied.is_webhook() || (from.caps & CW_CAP_SWEEP) == 0)) {
            copier.complain("the trigger \"" + copied.event +
                            "\" is swept, but it is no webhook or CW_CAP_SWEEP is not claimed.");
        }
        to.triggers.push_back(std::move(copied));
    }
}

void copy_actions(Copier& copier, cw_descriptor const& from, ConnectorInfo& to) {
    for (cw_action const* action : copier.entries(from.actions, "actions", entries_max)) {
        if (!CW_HAS(cw_action, action, schema)) {
            return copier.complain("an action's struct_size is too small.");
        }
        to.actions.push_back(
            {copier.text(action->name, "action.name"), copier.text(action->title, "action.title", true),
             copier.text(action->canonical, "action.canonical", true), copier.text(action->schema, "action.schema")});
    }
    if ((from.caps & CW_CAP_PUSH) != 0 && to.actions.empty()) {
        copier.complain("it claims CW_CAP_PUSH but lists no action.");
    }
}

void copy_policies(Copier& copier, cw_descriptor const& from, ConnectorInfo& to) {
    for (char const* pointer : copier.entries(from.secrets, "secrets", policies_max)) {
        to.secrets.push_back(copier.text(pointer, "secrets"));
        if (to.secrets.back().substr(0, 1) != "/") {
            copier.complain("secrets holds \"" + to.secrets.back() + "\", which is not a JSON Pointer.");
        }
    }
    if (from.struct_size >= offsetof(cw_descriptor, requests_burst) + sizeof from.requests_burst) {
        to.requests_per_second = from.requests_per_second;
        to.requests_burst = from.requests_burst == 0 ? from.requests_per_second : from.requests_burst;
    }
    for (char const* host : copier.entries(from.egress, "egress", policies_max)) {
        to.egress.push_back(copier.text(host, "egress"));
        if (!is_egress(to.egress.back())) {
            copier.complain("egress holds \"" + to.egress.back() +
                            "\", which is neither a host, \"*.host\" nor \"setting:/…\".");
        }
    }
}

Error broken_instance(ConnectorInfo const& info, std::string const& what) {
    return Error{ErrorCode::invalid_argument,
                 "The connector \"" + info.id + "\" of \"" + info.library + "\" made a broken instance: " + what};
}

}  // namespace

Result<void> check_library(std::string const& path, cw_library const* library) {
    auto const broken = [&path](std::string const& what) {
        return Error{ErrorCode::invalid_argument, "The connector library \"" + path + "\" has a broken table: " + what};
    };
    if (library == nullptr) {
        return broken("its entry returned no table.");
    }
    if (!CW_HAS(cw_library, library, create)) {
        return broken("its struct_size is " + std::to_string(library->struct_size) + ", at least " +
                      std::to_string(sizeof(cw_library)) + " was expected.");
    }
    if (library->abi_minor_needed > CW_ABI_MINOR) {
        return Error{ErrorCode::failed_precondition,
                     "The connector library \"" + path + "\" needs connector ABI " + std::to_string(CW_ABI_MAJOR) +
                         "." + std::to_string(library->abi_minor_needed) + ", this host speaks " +
                         std::to_string(CW_ABI_MAJOR) + "." + std::to_string(CW_ABI_MINOR) +
                         "; use a newer host or an older version of the connector."};
    }
    if (library->flags != 0) {
        return broken("it sets flags that this host does not know.");
    }
    if (library->open == nullptr || library->close == nullptr || library->count == nullptr ||
        library->describe == nullptr || library->create == nullptr) {
        return broken("open, close, count, describe or create is NULL.");
    }
    if (!bounded_text(library->toolchain, word_bytes_max)) {
        return broken("toolchain is missing, not UTF-8 or too long.");
    }
    return {};
}

Result<ConnectorInfo> copy_descriptor(std::string const& path, std::string const& toolchain,
                                      cw_descriptor const* descriptor) {
    Copier nameless(path, {});
    if (!CW_HAS(cw_descriptor, descriptor, egress)) {
        nameless.complain("describe() gave no descriptor or one whose struct_size is too small.");
        return *nameless.error();
    }
    ConnectorInfo info;
    info.id = nameless.text(descriptor->id, "id");
    if (!is_id(info.id)) {
        nameless.complain("its id must be 1 to 64 characters of a-z, 0-9, '.' and '-'.");
    }
    if (nameless.error()) {
        return *nameless.error();
    }
    Copier copier(path, info.id);
    info.name = copier.text(descriptor->name, "name");
    info.vendor = copier.text(descriptor->vendor, "vendor", true);
    info.version = copier.text(descriptor->version, "version");
    info.support = copier.text(descriptor->support, "support", true, 1024);
    // A library built later may know abilities that this host does not; they are simply not used.
    info.caps = descriptor->caps & known_caps;
    info.settings_schema = copier.text(descriptor->settings_schema, "settings_schema", false, schema_bytes_max);
    if (!is_json_object(info.settings_schema)) {
        copier.complain("settings_schema is not a JSON object.");
    }
    info.library = path;
    info.toolchain = toolchain;
    copy_triggers(copier, *descriptor, info);
    copy_actions(copier, *descriptor, info);
    copy_policies(copier, *descriptor, info);
    if (copier.error()) {
        return *copier.error();
    }
    return info;
}

Result<void> check_instance(ConnectorInfo const& info, cw_descriptor const* descriptor, cw_connector const* connector) {
    if (!CW_HAS(cw_connector, connector, push)) {
        return broken_instance(info, "create() gave none, or its struct_size is too small.");
    }
    if (connector->init == nullptr || connector->activate == nullptr || connector->deactivate == nullptr ||
        connector->destroy == nullptr || connector->cancel == nullptr || connector->get_extension == nullptr) {
        return broken_instance(info, "a required function is NULL.");
    }
    if (connector->desc != descriptor) {
        return broken_instance(info, "its descriptor is not the library's.");
    }
    struct Hook {
        char const* name;
        bool present;
        std::uint32_t caps;
    };
    Hook const hooks[] = {
        {"webhook_verify", connector->webhook_verify != nullptr, CW_CAP_WEBHOOK},
        {"webhook_parse", connector->webhook_parse != nullptr, CW_CAP_WEBHOOK},
        {"poll", connector->poll != nullptr, CW_CAP_POLL},
        {"map", connector->map != nullptr, CW_CAP_MAP_IN | CW_CAP_MAP_OUT},
        {"push", connector->push != nullptr, CW_CAP_PUSH},
    };
    for (Hook const& hook : hooks) {
        if (hook.present != ((info.caps & hook.caps) != 0)) {
            return broken_instance(info,
                                   std::string(hook.name) + (hook.present ? " is there but its capability bit is clear."
                                                                          : " is NULL but its capability bit is set."));
        }
    }
    return {};
}

}  // namespace crosswalk::plugin_host
