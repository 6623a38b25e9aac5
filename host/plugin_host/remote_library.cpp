#include "plugin_host/remote_library.hpp"

#include "platform/paths.hpp"
#include "plugin_host/instance.hpp"
#include "plugin_host/remote_connector.hpp"
#include "plugin_host/remote_descriptor.hpp"
#include "plugin_host/settings_check.hpp"
#include "plugin_host/supervised.hpp"
#include "plugin_host/worker_link.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace crosswalk::plugin_host {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;

#ifdef _WIN32
constexpr char const* worker_name = "crosswalk-worker.exe";
#else
constexpr char const* worker_name = "crosswalk-worker";
#endif

// Installed: <prefix>/libexec/crosswalk/. In a build: beside the program.
Result<std::filesystem::path> find_worker() {
    auto const bin = platform::executable_directory();
    if (!bin) {
        return bin.error();
    }
    std::error_code error;
    for (std::filesystem::path const& path :
         {bin->parent_path() / "libexec" / "crosswalk" / worker_name, *bin / worker_name}) {
        if (std::filesystem::is_regular_file(path, error)) {
            return path;
        }
    }
    return Error{ErrorCode::failed_precondition,
                 "There is no " + std::string(worker_name) + " beside " + bin->string() +
                     " or in ../libexec/crosswalk; install it, or use isolation: in-process."};
}

struct Opened {
    std::unique_ptr<WorkerLink> link;
    std::string description;  // the fields after the head
};

// Starts a worker and lets it load the library.
Result<Opened> open_in_worker(std::string const& path, std::string const& sha256, WorkerOptions const& options) {
    auto link = WorkerLink::start(options.executable, options.grace);
    if (!link) {
        return link.error();
    }
    Fields in = std::move(Fields().put(wire_protocol).put(path).put(sha256));
    Reply reply = (*link)->exchange(FrameType::open, nullptr, std::move(in), options.load_time_max,
                                    [](std::string_view) { return std::nullopt; });
    if (reply.fate != Fate::answered) {
        return Error{ErrorCode::unavailable, "The worker process that loaded the connector library \"" + path +
                                                 "\" ended: " + (*link)->how_it_ended() + "."};
    }
    Reader out(reply.fields);
    std::int64_t const protocol = out.number();
    std::int64_t const code = out.number();
    std::string_view const detail = out.text();
    std::string_view const description = out.text();
    if (!out.good() || protocol != wire_protocol) {
        return Error{ErrorCode::failed_precondition, "The worker program \"" + options.executable.string() +
                                                         "\" speaks protocol " + std::to_string(protocol) +
                                                         ", this host speaks " + std::to_string(wire_protocol) +
                                                         "; install both from the same version."};
    }
    if (code != 0) {
        return remote_error(code, detail);
    }
    return Opened{std::move(*link), std::string(description)};
}

class RemoteLibrary final : public Library, public std::enable_shared_from_this<RemoteLibrary> {
public:
    RemoteLibrary(std::string path, std::string sha256, WorkerOptions options, std::string raw, Description description)
        : path_(std::move(path)),
          sha256_(std::move(sha256)),
          options_(std::move(options)),
          raw_(std::move(raw)),
          description_(std::move(description)) {}

    [[nodiscard]] std::vector<ConnectorInfo> const& connectors() const noexcept override { return description_.infos; }
    [[nodiscard]] Result<std::unique_ptr<Connector>> create(std::string const& id, Services services) override;
    [[nodiscard]] Result<void> check_settings(std::string const& id, SettingsCheck check) override;

private:
    [[nodiscard]] Result<std::size_t> index_of(std::string const& id) const;
    [[nodiscard]] Result<std::unique_ptr<WorkerLink>> start_worker() const;
    // Runs `begin(info, descriptor, create)`, whose instance is made in the worker.
    template <class Begin>
    [[nodiscard]] auto in_worker(std::size_t index, boost::json::value const& settings, WorkerLink& link,
                                 Begin&& begin) const;

    // Constant after construction.
    std::string const path_;
    std::string const sha256_;
    WorkerOptions const options_;
    std::string const raw_;
    Description const description_;
};

Result<std::unique_ptr<WorkerLink>> RemoteLibrary::start_worker() const {
    Result<Opened> opened = open_in_worker(path_, sha256_, options_);
    if (!opened) {
        return opened.error();
    }
    if (opened->description != raw_) {
        return Error{ErrorCode::failed_precondition,
                     "The connector library \"" + path_ + "\" was replaced by another one; restart the host."};
    }
    return std::move(opened->link);
}

Result<std::size_t> RemoteLibrary::index_of(std::string const& id) const {
    auto const& infos = description_.infos;
    auto const found = std::find_if(infos.begin(), infos.end(), [&id](auto const& info) { return info.id == id; });
    if (found == infos.end()) {
        return Error{ErrorCode::not_found, "The connector library \"" + path_ + "\" has no connector \"" + id + "\"."};
    }
    return static_cast<std::size_t>(found - infos.begin());
}

template <class Begin>
auto RemoteLibrary::in_worker(std::size_t index, boost::json::value const& settings, WorkerLink& link,
                              Begin&& begin) const {
    ConnectorInfo const& info = description_.infos[index];
    cw_descriptor const* const descriptor = description_.descriptors[index]->get();
    std::string text = boost::json::serialize(settings);
    std::optional<Error> refusal;
    auto result = begin(info, descriptor, [&](cw_host const* host, cw_connector** out) -> cw_status {
        auto remote = make_remote(link, {info, descriptor, std::move(text)}, host);
        if (!remote) {
            refusal = remote.error();
            return CW_ERR_INTERNAL;
        }
        *out = *remote;
        return CW_OK;
    });
    // The worker knows better than a status why it could not be made.
    return refusal ? decltype(result)(*refusal) : std::move(result);
}

Result<std::unique_ptr<Connector>> RemoteLibrary::create(std::string const& id, Services services) {
    auto const index = index_of(id);
    if (!index) {
        return index.error();
    }
    // Shared: the connector starts workers from this library's facts as long as it lives.
    auto const self = shared_from_this();
    auto const start_instance = [self, at = *index, services](WorkerLink& link) {
        return self->in_worker(at, services.settings, link,
                               [&](ConnectorInfo const& info, cw_descriptor const* descriptor, auto const& make) {
                                   return Instance::start(info, descriptor, services, make);
                               });
    };
    Supervised::Parts parts{description_.infos[*index],
                            services.connection,
                            [self] { return self->start_worker(); },
                            start_instance,
                            options_.restart,
                            services.clock,
                            services.logger};
    return Supervised::start(std::move(parts));
}

Result<void> RemoteLibrary::check_settings(std::string const& id, SettingsCheck check) {
    auto const index = index_of(id);
    if (!index) {
        return index.error();
    }
    auto const link = start_worker();
    if (!link) {
        return link.error();
    }
    CheckServices around(std::move(check));
    Services const services = around.services();
    return in_worker(*index, services.settings, **link,
                     [&](ConnectorInfo const& info, cw_descriptor const* descriptor, auto const& make) {
                         return Instance::try_init(info, descriptor, services, make);
                     });
}

}  // namespace

Result<std::shared_ptr<Library>> load_in_worker(std::string const& absolute_path, std::string const& sha256,
                                                WorkerOptions options) {
    if (options.executable.empty()) {
        auto found = find_worker();
        if (!found) {
            return found.error();
        }
        options.executable = std::move(*found);
    }
    Result<Opened> opened = open_in_worker(absolute_path, sha256, options);
    if (!opened) {
        return opened.error();
    }
    opened->link->close();
    Reader from(opened->description);
    Result<Description> description = read_description(absolute_path, from);
    if (!description) {
        return description.error();
    }
    // Shared, like every library: each connection's connector keeps it in use.
    return std::shared_ptr<Library>(std::make_shared<RemoteLibrary>(
        absolute_path, sha256, std::move(options), std::move(opened->description), std::move(*description)));
}

}  // namespace crosswalk::plugin_host
