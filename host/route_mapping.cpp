#include "route_mapping.hpp"

#include <boost/json.hpp>

#include <utility>

namespace crosswalk {
namespace {

namespace json = boost::json;

std::string canonical_of_event(plugin_host::Connector const& connector, std::string const& event) {
    for (plugin_host::TriggerInfo const& known : connector.info().triggers) {
        if (known.event == event) {
            return known.canonical;
        }
    }
    return {};
}

model::AttemptReport rejected(std::string reason, std::vector<model::FieldProblem> fields, model::ErrorCode code) {
    model::AttemptReport report{model::Outcome::rejected, std::move(reason), std::move(fields)};
    report.error_code = code;
    return report;
}

}  // namespace

std::string schema_of_action(plugin_host::Connector const& connector, std::string const& action) {
    for (plugin_host::ActionInfo const& known : connector.info().actions) {
        if (known.name == action) {
            return known.schema;
        }
    }
    return {};
}

model::Result<std::optional<model::Event>> map_in(plugin_host::Connector& source, model::Event const& event,
                                                  std::string& why, std::chrono::milliseconds time_max) {
    auto mapped = source.map_in(event.record, canonical_of_event(source, event.type), time_max);
    if (!mapped) {
        return mapped.error();
    }
    if (mapped->records.empty()) {
        why = mapped->reason.empty() ? "The connector's mapping filtered it out." : mapped->reason;
        return std::optional<model::Event>();
    }
    model::Event canonical = event;
    canonical.record = std::move(mapped->records.front());
    return std::optional(std::move(canonical));
}

MappedOut map_out(map::Mapper const& mapper, model::Route const& route, model::Event const& canonical,
                  plugin_host::Connector& target, std::chrono::milliseconds time_max,
                  std::vector<map::Override> const& overrides) {
    MappedOut made;
    json::error_code error;
    json::value const record = json::parse(canonical.record.json, error);
    if (error || !record.is_object()) {
        made.decided = rejected("The source's mapping did not give a JSON object.", {}, model::ErrorCode::internal);
        return made;
    }
    map::Mapped mapped = mapper.apply(canonical.record.schema, record.get_object(), overrides);
    made.warnings = std::move(mapped.warnings);
    for (map::Lineage& line : mapped.lineage) {
        made.sources.push_back({std::move(line.field), std::move(line.source)});
    }
    if (!mapped.problems.empty()) {
        made.record = {canonical.record.schema, {}, json::serialize(mapped.record)};
        made.decided = rejected("Fields are missing or have values that may not be sent.", std::move(mapped.problems),
                                model::ErrorCode::invalid_argument);
        return made;
    }
    made.record = {canonical.record.schema, canonical.record.key, json::serialize(mapped.record)};
    auto out = target.map_out(made.record, schema_of_action(target, route.to_action), time_max);
    if (!out) {
        made.decided = rejected(out.error().detail, out.error().fields, out.error().code);
        return made;
    }
    made.warnings.insert(made.warnings.end(), out->warnings.begin(), out->warnings.end());
    if (out->records.empty()) {
        made.decided = model::AttemptReport{
            model::Outcome::skipped, out->reason.empty() ? "The target's mapping filtered it out." : out->reason};
        return made;
    }
    made.record = std::move(out->records.front());
    return made;
}

}  // namespace crosswalk
