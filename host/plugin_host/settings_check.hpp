// The host as a connector's init may see it when only its opinion of the settings is asked: nothing is kept or sent.
//
// Threads  one check uses one of these. Owner  borrows what SettingsCheck refers to.
#pragma once

#include "http/client.hpp"
#include "plugin_host/connector.hpp"

#include <utility>

namespace crosswalk::plugin_host {

class CheckServices {
public:
    explicit CheckServices(SettingsCheck check)
        : check_(std::move(check)), http_(http::ClientOptions(), check_.clock, check_.logger) {}

    [[nodiscard]] Services services() {
        return Services{check_.connection, check_.settings, http_,        check_.secrets,
                        nothing_,          check_.clock,    check_.logger};
    }

private:
    // What is put is forgotten: a check must leave nothing behind.
    class Nothing final : public KeyValues {
    public:
        [[nodiscard]] model::Result<std::pair<std::string, std::uint64_t>> get(std::string const&) override {
            return model::Error{model::ErrorCode::not_found, "Nothing is kept while settings are checked."};
        }
        [[nodiscard]] model::Result<void> put(std::string const&, std::string const&,
                                              std::optional<std::uint64_t>) override {
            return {};
        }
        [[nodiscard]] model::Result<void> remove(std::string const&, std::optional<std::uint64_t>) override {
            return {};
        }
    };

    SettingsCheck const check_;
    http::Client http_;  // init may not use it; nothing else is run
    Nothing nothing_;
};

}  // namespace crosswalk::plugin_host
