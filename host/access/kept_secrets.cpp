#include "access/kept_secrets.hpp"

#include <charconv>

namespace crosswalk::access {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;
using model::Secret;

std::string name_of(std::string const& pointer) {
    return "secret:" + pointer;
}
std::string name_of_previous(std::string const& pointer) {
    return "secret:" + pointer + "#previous";
}

}  // namespace

KeptSecrets::KeptSecrets(std::string connection, store::Sealed& sealed, vault::Sealer const& sealer,
                         model::Clock const& clock)
    : connection_(std::move(connection)), sealed_(sealed), sealer_(sealer), clock_(clock) {}

Result<Secret> KeptSecrets::open(std::string const& name) {
    auto const found = sealed_.get(connection_, name);
    return found ? sealer_.open(connection_, name, found->bytes) : Result<Secret>(found.error());
}

Result<Secret> KeptSecrets::get(std::string const& pointer) {
    return open(name_of(pointer));
}

Result<Secret> KeptSecrets::get_previous(std::string const& pointer) {
    auto const kept = open(name_of_previous(pointer));
    if (!kept) {
        return kept;
    }
    // "<end in microseconds>\n<secret>"; revealed to take it apart.
    std::string_view const text = kept->reveal();
    std::size_t const line = text.find('\n');
    std::int64_t ends_us = 0;
    if (line == std::string_view::npos || std::from_chars(text.data(), text.data() + line, ends_us).ec != std::errc()) {
        return Error{ErrorCode::corruption, "An earlier secret of \"" + connection_ + "\" cannot be read."};
    }
    if (model::from_unix_us(ends_us) <= clock_.now()) {
        return Error{ErrorCode::not_found, "The earlier secret no longer counts."};
    }
    return Secret(std::string(text.substr(line + 1)));
}

Result<void> KeptSecrets::put(std::string const& pointer, Secret const& value) {
    return rotate(pointer, value, std::chrono::seconds(0));
}

Result<void> KeptSecrets::rotate(std::string const& pointer, Secret const& value, std::chrono::seconds grace) {
    if (value.empty()) {
        return Error{ErrorCode::invalid_argument, "The secret must not be empty."};
    }
    auto sealed = sealer_.seal(connection_, name_of(pointer), value);
    if (!sealed) {
        return sealed.error();
    }
    std::vector<store::Sealed::Change> changes{{name_of(pointer), std::move(*sealed)},
                                               {name_of_previous(pointer), std::nullopt}};
    if (grace.count() > 0) {
        auto const before = get(pointer);
        if (before) {
            std::string const ends = std::to_string(model::to_unix_us(clock_.now() + grace));
            auto earlier = sealer_.seal(connection_, name_of_previous(pointer),
                                        Secret(ends + "\n" + std::string(before->reveal())));  // to seal it again
            if (!earlier) {
                return earlier.error();
            }
            changes[1].bytes = std::move(*earlier);
        } else if (before.error().code != ErrorCode::not_found) {
            return before.error();
        }
    }
    return sealed_.change(connection_, changes);
}

Result<void> KeptSecrets::remove(std::string const& pointer) {
    if (auto const removed = sealed_.remove(connection_, name_of(pointer)); !removed) {
        return removed;
    }
    return sealed_.change(connection_, {{name_of_previous(pointer), std::nullopt}});
}

}  // namespace crosswalk::access
