// T2: the disk is full, fails, or does not sync, while hires come in and while the host is killed.
#include "torture/chance.hpp"
#include "torture/judge.hpp"

#include <cstdio>
#include <fstream>
#include <thread>

namespace crosswalk::torture {
namespace {

namespace fs = std::filesystem;
using scenarios::eventually;
using scenarios::HireStream;
using scenarios::milliseconds;
using scenarios::Process;
using scenarios::seconds;
using scenarios::World;

constexpr HireStream::Pace pace{400, 6, 5};
constexpr char complaint[] = "The store cannot be written";

// A small filesystem in memory; mostly only root may have one.
class SmallDisk {
public:
    explicit SmallDisk(fs::path folder) : folder_(std::move(folder)) {
        fs::create_directory(folder_);
        Process mount("mount", {"-t", "tmpfs", "-o", "size=24m", "crosswalk-torture", folder_.string()});
        mounted_ = mount.wait() == 0;
    }
    SmallDisk(SmallDisk const&) = delete;
    SmallDisk& operator=(SmallDisk const&) = delete;
    ~SmallDisk() {
        if (mounted_) {
            Process("umount", {"--lazy", folder_.string()}).wait();
        }
    }
    [[nodiscard]] bool mounted() const noexcept { return mounted_; }
    // Takes all the room there is.
    void fill() const {
        std::ofstream filler(folder_ / "filler", std::ios::binary);
        std::string const piece(4096, 'x');
        while (filler.write(piece.data(), static_cast<std::streamsize>(piece.size())).flush()) {
        }
    }
    void make_room() const { fs::remove(folder_ / "filler"); }

private:
    fs::path const folder_;
    bool mounted_ = false;
};

// What bad_disk.c obeys.
class BadDisk {
public:
    explicit BadDisk(World& world) : path_(world.config() / "bad-disk") {
        command('.');
        world.set_environment("LD_PRELOAD", BAD_DISK);
        world.set_environment("CROSSWALK_BAD_DISK", path_.string());
    }
    // In place: the host has the file mapped.
    void command(char what) const {
        std::FILE* const file = std::fopen(path_.c_str(), fs::exists(path_) ? "r+" : "w");
        std::fputc(what, file);
        std::fclose(file);
    }

private:
    fs::path const path_;
};

std::size_t count(std::string const& text, std::string_view what) {
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
        ++found;
    }
    return found;
}

double mib(World const& world, char const* file, bool on_small_disk) {
    std::error_code none;
    auto const folder = on_small_disk ? world.config() / "store" : world.config();
    auto const bytes = fs::file_size(folder / file, none);
    return none ? 0 : static_cast<double>(bytes) / (1024.0 * 1024.0);
}

double refused(World const& world) {
    return world.metric("crosswalk_ingest_webhooks_total{result=\"unavailable\"}");
}

// One trouble from its beginning to its end; the load goes on all the time.
void suffer(World& world, HireStream& stream, std::string const& name, std::function<void()> const& begin,
            std::function<void()> const& end, bool kill, Report& report) {
    std::size_t const complaints = count(world.log(), complaint);
    double const before = refused(world);
    begin();
    auto const says_so = [&] {
        return world.stranger("GET", "/readyz").status == 503 && world.metric("crosswalk_store_writable") == 0;
    };
    report.expect(eventually(says_so, seconds(10)), name + ": /readyz says 503 and the metrics say it");
    auto const refuses = [&] {
        stream.keep_going(pace);
        return refused(world) > before;
    };
    report.expect(eventually(refuses, seconds(10)), name + ": webhooks get 503");
    std::this_thread::sleep_for(milliseconds(300));
    report.expect(count(world.log(), complaint) <= complaints + 1, name + ": one line in the log says so, not many");
    if (kill) {
        world.kill_host();
    }
    end();
    if (kill) {
        world.start_host();
    }
    auto const is_well = [&] { return world.host_ready() && world.metric("crosswalk_store_writable") == 1; };
    report.expect(eventually(is_well, seconds(20)), name + ": recovers by itself");
}

}  // namespace

void disk(Order const& order, Report& report) {
    Chance chance(order.seed);
    World world;
    SmallDisk const small(world.config() / "store");
    BadDisk const bad(world);
    if (small.mounted()) {
        world.edit("crosswalk.yaml", "path: crosswalk.db", "path: store/crosswalk.db");
    }
    world.hurry();
    world.register_webhook();
    world.start_host();
    HireStream stream(world, "Disk");
    struct Trouble {
        char const* name;
        char command;
    };
    std::vector<Trouble> troubles{{"no room", 'n'}, {"EIO", 'e'}, {"failing fsync", 'f'}};
    int const rounds = order.is_short() ? 2 : std::max(2, order.minutes * 6);
    std::int64_t suffered = 0;
    for (int round = 0; round < rounds; ++round) {
        for (auto left = static_cast<std::uint32_t>(troubles.size()); left > 1; --left) {
            std::swap(troubles[left - 1], troubles[chance.below(left)]);
        }
        for (Trouble const& trouble : troubles) {
            stream.keep_going(pace);
            std::this_thread::sleep_for(milliseconds(chance.below(100)));
            suffer(
                world, stream, trouble.name, [&] { bad.command(trouble.command); }, [&] { bad.command('.'); },
                chance.below(2) == 0, report);
            ++suffered;
        }
        if (small.mounted()) {
            stream.keep_going(pace);
            suffer(
                world, stream, "a full filesystem", [&] { small.fill(); }, [&] { small.make_room(); },
                chance.below(2) == 0, report);
            ++suffered;
        }
    }
    report.expect(world.log().find(complaint) != std::string::npos, "the log says that the store cannot be written");
    report.figure("plan", chance.plan());
    report.figure("troubles", suffered);
    report.figure("full filesystem",
                  small.mounted() ? "a real one" : "left out: a filesystem in memory may not be mounted here");
    (void)judge(world, stream, report);
    report.figure("store MiB", mib(world, "crosswalk.db", small.mounted()));
    report.figure("its log MiB", mib(world, "crosswalk.db-wal", small.mounted()));
    world.kill_host();
}

}  // namespace crosswalk::torture
