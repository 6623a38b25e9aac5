// Files of a person: decoded, uploaded as multipart/form-data, and never twice.
//
// Shape    the connector keeps one state row per employee, "employee/<external_id>": the id GoCo gave, and a digest of
//          each file that arrived or may have arrived. GoCo's contract has no list of documents to look at instead.
// Threads  safe from any thread; rows are changed by compare-and-set.
#pragma once

#include "api.hpp"

#include <optional>
#include <string>
#include <vector>

namespace crosswalk::goco {

inline constexpr std::size_t documents_max = 50;

// Does a goco.document/1 say where its bytes are: `bytes`, `content_base64` or `url`, the first of them that it has?
[[nodiscard]] bool has_content(json::object const& document);

class Documents {
public:
    Documents(Api const& api, std::string external_id) : api_(&api), external_id_(std::move(external_id)) {}

    // The id that GoCo gave this external_id when this connection created it.
    [[nodiscard]] std::optional<std::string> employee() const;
    void remember_employee(std::string const& id) const;

    enum class State : unsigned char { absent, arrived, uncertain };
    [[nodiscard]] State state(std::string const& employee, json::object const& document) const;

    // Uploads one goco.document/1 and remembers it. False: it may or may not have arrived, and is not sent again.
    // Failure: it did not arrive.
    [[nodiscard]] bool upload(std::string const& employee, json::object const& document,
                              std::string_view idempotency_key) const;

    // Uploads what has not arrived yet. What fails is a warning that names the document by its place: file names hold
    // people's names. Failure(CW_ERR_TRANSIENT) when the call ends first; the rest is for the next attempt.
    void upload_all(std::string const& employee, json::array const& documents, std::string_view idempotency_key) const;
    // False while a document is neither uploaded nor known to be hopeless.
    [[nodiscard]] bool all_settled(std::string const& employee, json::array const& documents) const;

private:
    struct Row;
    [[nodiscard]] Row read() const;
    template <class Change>
    void change(Change&& change) const;
    void upload_one(std::string const& employee, json::object const& document, std::string const& place,
                    std::string_view idempotency_key) const;

    Api const* api_;
    std::string external_id_;
};

}  // namespace crosswalk::goco
