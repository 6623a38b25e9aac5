#include "documents.hpp"

#include "values.hpp"

#include <algorithm>
#include <set>

namespace crosswalk::greenhouse {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::HttpRequest;
using connector::HttpResponse;
using connector::text_at;

namespace {

// What the rest of the call needs after the last file.
constexpr std::chrono::milliseconds time_reserve = std::chrono::seconds(3);
constexpr std::size_t file_name_size_max = 255;

void add(std::vector<Link>& links, json::value const& attachment) {
    Link link{std::string(trimmed(text_at(attachment, "/filename"))), std::string(text_at(attachment, "/type")),
              std::string(text_at(attachment, "/url"))};
    bool const known = std::any_of(links.begin(), links.end(), [&](Link const& one) {
        return one.file_name == link.file_name && one.type == link.type;
    });
    if (!link.url.empty() && !known) {
        links.push_back(std::move(link));
    }
}

void add_all(std::vector<Link>& links, json::value const* attachments) {
    if (attachments != nullptr && attachments->is_array()) {
        for (json::value const& attachment : attachments->get_array()) {
            add(links, attachment);
        }
    }
}

// Two filters would ask for what fits both, so each is a list of its own; a file may be on both.
void add_from_lists(Call& call, Api& api, std::string const& application, std::string const& candidate,
                    std::vector<Link>& links) {
    std::set<std::string> seen;
    for (std::string const& query : {"application_ids=" + application, "candidate_ids=" + candidate}) {
        if (query.ends_with('=')) {
            continue;
        }
        api.each(call, "/attachments", query, "attachments", [&](json::value const& one) {
            std::string const belongs_to = id_at(one, "/application_id");
            // Letters of the candidate's other applications are none of this employer's papers.
            bool const ours = belongs_to.empty() || belongs_to == application;
            if (ours && !text_at(one, "/url").empty() && seen.insert(id_at(one, "/id")).second) {
                links.push_back({std::string(trimmed(text_at(one, "/filename"))), std::string(text_at(one, "/type")),
                                 std::string(text_at(one, "/url"))});
            }
            return links.size() < documents_max;
        });
    }
}

json::object problem(std::string words) {
    return {{"problem", std::move(words)}};
}

std::string host_of(std::string_view url) {
    std::size_t const scheme = url.find("://");
    std::string_view const rest = scheme == std::string_view::npos ? std::string_view{} : url.substr(scheme + 3);
    return std::string(rest.substr(0, rest.find_first_of("/?#")));
}

json::object fetched(Call& call, Link const& link) {
    HttpRequest request;
    request.url = link.url;  // signed by itself; our credential stays at home
    request.to_file = true;
    HttpResponse response;
    try {
        response = call.http(request);
    } catch (Failure const& failure) {
        switch (failure.status()) {
            case CW_ERR_RATE_LIMITED:
            case CW_ERR_CANCELLED:
                throw;
            case CW_ERR_DENIED:
                return problem("It is on " + host_of(link.url) +
                               ", where this connection may not fetch. Set documents/base_url to that host.");
            case CW_ERR_TOO_LARGE:
                return problem("It is too large for limits.file_bytes_max of this host.");
            default:
                return problem("It could not be fetched.");
        }
    }
    if (response.status != 200) {
        return problem("Its link no longer works (" + std::to_string(response.status) + ").");
    }
    if (response.body_file.empty() || response.body_file_size == 0) {
        return problem("It is empty.");
    }
    std::string name = link.file_name.substr(0, file_name_size_max);
    std::string_view const media = response.header("content-type");
    return {{"file_name", name.empty() ? "document" : std::move(name)},
            {"type", link.type},
            {"content_type", lower(trimmed(media.substr(0, media.find(';'))))},
            {"size", response.body_file_size},
            {"bytes", response.body_file}};
}

}  // namespace

std::vector<Link> document_links(Call& call, Api& api, json::value const& application, json::value const& remote,
                                 json::array& unread) {
    std::vector<Link> links;
    if (api.is_v3()) {
        try {
            add_from_lists(call, api, id_at(application, "/id"), id_at(application, "/candidate/id"), links);
        } catch (Failure const& failure) {
            if (failure.status() != CW_ERR_INVALID) {
                throw;
            }
            unread.push_back(json::object{{"object", "documents"}, {"reason", failure.message()}});
        }
    } else {
        add_all(links, find(remote, "/attachments"));
    }
    // The webhook's own links are older, but may name what Harvest does not show.
    add_all(links, find(application, "/candidate/attachments"));
    return links;
}

json::array download(Call& call, std::vector<Link> const& links) {
    json::array documents;
    for (Link const& link : links) {
        if (documents.size() == documents_max) {
            documents.push_back(problem("More than 50 documents: the rest was left out."));
            break;
        }
        auto const left = call.time_left();
        documents.push_back(left && *left < time_reserve ? problem("There was no time left to fetch it.")
                                                         : fetched(call, link));
    }
    return documents;
}

}  // namespace crosswalk::greenhouse
