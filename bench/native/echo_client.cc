// A closed-loop client outside Wine: one thread, epoll, one 64-byte message in flight on each
// connection. Arguments: port, connections, warm-up seconds, seconds, and optionally the server's
// process, whose CPU time is then read at both ends of the measurement. Prints one JSON line.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "open_files.h"
#include "wire/frame.h"

namespace {

namespace wire = oversoak::wire;

constexpr std::size_t kFrameBytes = wire::kOverheadBytes;

std::int64_t now_ns() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

struct Connection {
  int fd = -1;
  std::uint64_t sequence = 0;
  std::int64_t sent_ns = 0;
  std::size_t received = 0;
  std::array<std::byte, kFrameBytes> frame;
};

void send_next(Connection& connection) {
  std::array<std::byte, kFrameBytes> frame;
  connection.sent_ns = now_ns();
  connection.received = 0;
  wire::build(frame, {++connection.sequence, connection.sent_ns, connection.sent_ns}, {});
  if (send(connection.fd, frame.data(), frame.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(frame.size())) {
    die("send");
  }
}

// True when the whole echo is there.
bool receive(Connection& connection) {
  const ssize_t bytes = recv(connection.fd, connection.frame.data() + connection.received,
                             kFrameBytes - connection.received, 0);
  if (bytes <= 0) die("recv");
  connection.received += static_cast<std::size_t>(bytes);
  if (connection.received < kFrameBytes) return false;
  const wire::Parsed parsed = wire::parse(connection.frame, kFrameBytes);
  if (parsed.status != wire::ParseStatus::complete ||
      wire::header_of(connection.frame).sequence != connection.sequence) {
    std::fprintf(stderr, "an echo is not what was sent\n");
    std::exit(1);
  }
  return true;
}

void open_connection(Connection& connection, int epoll, std::uint16_t port) {
  connection.fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(connection.fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    die("connect");
  }
  const int on = 1;
  setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &connection;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, connection.fd, &event) != 0) die("epoll_ctl");
}

double own_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Of the threads of another process, in nanoseconds of their time on a core.
double cpu_seconds_of(const std::string& process) {
  double seconds = 0;
  std::error_code error;
  for (const auto& thread :
       std::filesystem::directory_iterator("/proc/" + process + "/task", error)) {
    std::ifstream file(thread.path() / "schedstat");
    double running_ns = 0;
    if (file >> running_ns) seconds += running_ns * 1e-9;
  }
  if (error) {
    std::fprintf(stderr, "no process %s: %s\n", process.c_str(), error.message().c_str());
    std::exit(1);
  }
  return seconds;
}

struct CpuSeconds {
  double client = 0;
  double server = 0;
};

// `server`: its process; empty: CPU time is not measured.
CpuSeconds read_cpu(const std::string& server) {
  return {own_cpu_seconds(), server.empty() ? 0 : cpu_seconds_of(server)};
}

class Latencies {
 public:
  void record(std::int64_t latency_ns) {
    values_ns_.push_back(latency_ns);
    max_ns_ = std::max(max_ns_, latency_ns);
  }
  void clear() {
    values_ns_.clear();
    max_ns_ = 0;
  }
  // A connection that still waits counts with its age.
  void waited(std::int64_t latency_ns) { max_ns_ = std::max(max_ns_, latency_ns); }
  std::size_t count() const { return values_ns_.size(); }
  double max_us() const { return static_cast<double>(max_ns_) / 1000; }
  double percentile_us(double share) {
    if (values_ns_.empty()) return 0;
    const auto at = static_cast<std::size_t>(share * static_cast<double>(values_ns_.size() - 1));
    std::nth_element(values_ns_.begin(), values_ns_.begin() + static_cast<std::ptrdiff_t>(at),
                     values_ns_.end());
    return static_cast<double>(values_ns_[at]) / 1000;
  }

 private:
  std::vector<std::int64_t> values_ns_;
  std::int64_t max_ns_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5 && argc != 6) {
    std::fprintf(stderr,
                 "usage: echo_client PORT CONNECTIONS WARM_UP_SECONDS SECONDS [SERVER_PROCESS]\n");
    return 2;
  }
  const auto port = static_cast<std::uint16_t>(std::stoi(argv[1]));
  const double warm_up_seconds = std::stod(argv[3]);
  const double seconds = std::stod(argv[4]);
  const std::string server = argc == 6 ? argv[5] : "";
  raise_open_files();

  const int epoll = epoll_create1(0);
  std::vector<Connection> connections(std::stoul(argv[2]));
  for (Connection& connection : connections) open_connection(connection, epoll, port);

  Latencies latencies;
  CpuSeconds before;
  for (Connection& connection : connections) send_next(connection);
  bool measuring = false;
  std::int64_t from_ns = now_ns() + static_cast<std::int64_t>(warm_up_seconds * 1e9);
  const std::int64_t until_ns = from_ns + static_cast<std::int64_t>(seconds * 1e9);
  std::array<epoll_event, 512> events;
  std::int64_t at_ns = now_ns();
  while (at_ns < until_ns) {
    const int ready = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), 50);
    at_ns = now_ns();
    if (!measuring && at_ns >= from_ns) {
      measuring = true;
      from_ns = at_ns;
      latencies.clear();
      before = read_cpu(server);
    }
    for (int i = 0; i < ready; ++i) {
      auto& connection = *static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (!receive(connection)) continue;
      latencies.record(now_ns() - connection.sent_ns);
      send_next(connection);
    }
  }
  const CpuSeconds after = read_cpu(server);
  for (const Connection& connection : connections) latencies.waited(at_ns - connection.sent_ns);
  std::printf(
      "{\"echoes\":%zu,\"seconds\":%.3f,\"maxLatencyUs\":%.1f,\"p50Us\":%.1f,\"p99Us\":%.1f,"
      "\"clientCpuSeconds\":%.3f,\"serverCpuSeconds\":%.3f}\n",
      latencies.count(), static_cast<double>(at_ns - from_ns) * 1e-9, latencies.max_us(),
      latencies.percentile_us(0.5), latencies.percentile_us(0.99), after.client - before.client,
      after.server - before.server);
  for (const Connection& connection : connections) close(connection.fd);
  close(epoll);
}
