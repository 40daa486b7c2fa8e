// The product's fleet without Node. Arguments: host, port, sessions, threads, messages a second (0:
// a closed loop at full speed), ramp-up seconds, seconds measured, protocol, bytes of a message.
// Prints one JSON line.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <numeric>
#include <string>
#include <thread>

#include "fleet/fleet.h"
#include "open_files.h"
#include "os/process.h"
#include "percentiles.h"

using namespace oversoak;
using Clock = std::chrono::steady_clock;

namespace {

// Between the ramp-up and the measurement.
constexpr double kWarmUpSeconds = 0.5;
constexpr double kDrainSeconds = 5;
constexpr double kLookSeconds = 0.1;
constexpr std::int64_t kMillisecond_ns = 1'000'000;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double private_bytes() {
  return static_cast<double>(os::read_process_figures().private_bytes.value_or(0));
}

fleet::FleetOptions read_options(char** argv) {
  fleet::FleetOptions options;
  options.host = argv[1];
  options.port = static_cast<std::uint16_t>(std::stoi(argv[2]));
  options.sessions = std::stoul(argv[3]);
  options.threads = std::stoul(argv[4]);
  options.rate_per_second = std::stod(argv[5]);
  options.ramp_up_seconds = std::stod(argv[6]);
  options.measure_seconds = std::stod(argv[7]);
  options.protocol = wire::find_protocol(argv[8]).value();
  options.min_frame_bytes = options.max_frame_bytes = std::stoul(argv[9]);
  options.measure_from_seconds = options.ramp_up_seconds + kWarmUpSeconds;
  options.pacing = options.rate_per_second == 0 ? fleet::Pacing::closed : fleet::Pacing::constant;
  return options;
}

void print(const fleet::FleetFigures& figures, double seconds, double cpu, double live_after,
           double bytes_per_session) {
  const auto& measured = figures.measured;
  const auto& load = measured.load;
  const auto& actual = measured.latency_actual;
  const auto& send_lag = measured.send_lag;
  const auto& errors = figures.errors.by_class;
  const auto error_count = std::accumulate(errors.begin(), errors.end(), std::uint64_t{0});
  std::printf(
      "{\"echoes\":%llu,\"due\":%llu,\"sent\":%llu,\"errors\":%llu,\"seconds\":%.3f,"
      "\"cpuSeconds\":%.3f,\"liveAfterSeconds\":%.3f,\"bytesPerSession\":%.0f,"
      "\"sendLagP50Us\":%.2f,\"sendLagP99Us\":%.2f,\"sentWithinMs\":%.6f,"
      "\"p50Us\":%.1f,\"p99Us\":%.1f,\"maxUs\":%.1f}\n",
      static_cast<unsigned long long>(load.echoed), static_cast<unsigned long long>(load.due),
      static_cast<unsigned long long>(load.sent), static_cast<unsigned long long>(error_count),
      seconds, cpu, live_after, bytes_per_session, bench::percentile_us(send_lag, 0.5),
      bench::percentile_us(send_lag, 0.99), bench::share_within(send_lag, kMillisecond_ns),
      bench::percentile_us(actual, 0.5), bench::percentile_us(actual, 0.99),
      bench::percentile_us(actual, 1));
}

void run(const fleet::FleetOptions& options) {
  const auto since = [began = Clock::now()] {
    return std::chrono::duration<double>(Clock::now() - began).count();
  };
  const double bytes_before = private_bytes();
  fleet::Fleet fleet(options);
  double live_after = -1;  // they were never all live
  const auto wait_until = [&](double end) {
    for (double left = end - since(); left > 0; left = end - since()) {
      if (live_after < 0 && fleet.figures().live == options.sessions) live_after = since();
      const double look = live_after < 0 ? kLookSeconds : left;
      std::this_thread::sleep_for(std::chrono::duration<double>(std::min(look, left)));
    }
  };
  wait_until(options.measure_from_seconds);
  const double cpu_before = cpu_seconds();
  wait_until(options.measure_from_seconds + options.measure_seconds);
  const double cpu = cpu_seconds() - cpu_before;
  const double bytes = private_bytes() - bytes_before;
  fleet.stop(kDrainSeconds);
  print(fleet.figures(), options.measure_seconds, cpu, live_after,
        bytes / static_cast<double>(options.sessions));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 10) {
    std::fprintf(
        stderr,
        "usage: fleet HOST PORT SESSIONS THREADS RATE RAMP_UP_SECONDS SECONDS PROTOCOL BYTES\n");
    return 2;
  }
  raise_open_files();
  try {
    run(read_options(argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
