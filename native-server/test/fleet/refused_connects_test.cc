// A fleet whose own system has no descriptors left for its connections.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "fleet/fleet.h"
#include "io/listener.h"

using namespace oversoak;
using fleet::Unsent;

namespace {

// The process may open so many descriptors more, while this lives.
class FewDescriptors {
 public:
  explicit FewDescriptors(rlim_t more) {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int lowest = dup(0);  // the next one that would be opened
    close(lowest);
    rlimit fewer = before_;
    fewer.rlim_cur = static_cast<rlim_t>(lowest) + more;
    setrlimit(RLIMIT_NOFILE, &fewer);
  }
  ~FewDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

// 40 sessions for a second, of which about 20 get a descriptor. Nobody accepts, which a connect
// does not wait for.
struct Short {
  explicit Short(fleet::Pacing pacing) {
    io::Listener listener("127.0.0.1", 0, 128);
    fleet::FleetOptions options;
    options.host = "127.0.0.1";
    options.port = listener.port();
    options.sessions = 40;
    options.ramp_up_seconds = 0;
    options.pacing = pacing;
    options.rate_per_second = 400;
    options.measure_seconds = 1;
    options.window_seconds = 1;
    const FewDescriptors few(25);
    fleet::Fleet fleet(options);
    std::this_thread::sleep_for(std::chrono::milliseconds(1200));
    fleet.stop(0);
    figures = fleet.figures();
    listener.close();
  }

  std::uint64_t unsent(Unsent cause) const {
    return figures.measured.load.unsent[static_cast<std::size_t>(cause)];
  }

  fleet::FleetFigures figures;
};

}  // namespace

TEST_SUITE_BEGIN("refused connects");

TEST_CASE("a connect for which the fleet has no descriptor is no error of the server") {
  for (const fleet::Pacing pacing : {fleet::Pacing::constant, fleet::Pacing::closed}) {
    const Short run(pacing);
    const auto& measured = run.figures.measured;
    CHECK(run.figures.errors[fleet::FleetError::connect_failed] == 0);
    CHECK(measured.refusals >= 10);
    CHECK(measured.refused_seconds > 5);
    CHECK(measured.refused_seconds < 40);
    CHECK(measured.refusal.describe() == "EMFILE (24)");
    if (pacing == fleet::Pacing::constant) {
      CHECK(run.unsent(Unsent::fleet) > 50);
      CHECK(run.unsent(Unsent::connecting) < 50);
    }
  }
}

TEST_SUITE_END();
