// As many sessions as the lecture speaks of, each with its receive posted.
#include "probes/families.h"
// After it, for Windows' headers want an order.
#include <psapi.h>

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "fatal.h"
#include "io/sockets.h"
#include "probes/connection.h"
#include "probes/operation.h"
#include "probes/stopwatch.h"

namespace oversoak::probes {
namespace {

constexpr std::size_t kSessions = 5000;

struct Memory {
  std::uint64_t working_set_bytes = 0;
  std::optional<std::uint64_t> pool_bytes;  // Wine does not report it
};

Memory memory_now() {
  PROCESS_MEMORY_COUNTERS counters{};
  if (!GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof(counters))) {
    throw Inconclusive("GetProcessMemoryInfo failed");
  }
  Memory memory{counters.WorkingSetSize, std::nullopt};
  if (counters.QuotaNonPagedPoolUsage > 0) memory.pool_bytes = counters.QuotaNonPagedPoolUsage;
  return memory;
}

// One session's receive. All are outstanding at once, so they are smaller than an Operation.
struct Receive {
  WSAOVERLAPPED overlapped{};
  char buffer[64] = {};
};

// Owns the connections and all that the system may write to; ends what is outstanding and waits for
// it before the memory goes.
class Sessions {
 public:
  Sessions() : receives_(std::make_unique<Receive[]>(kSessions)) {
    ours_.reserve(kSessions);
    peers_.reserve(kSessions);
  }
  ~Sessions();
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  void connect_all(Port& port);
  // How many were taken; the others failed.
  std::size_t post_all(const Calls& calls);
  void send_to_all();

 private:
  std::vector<Socket> ours_;
  std::vector<Socket> peers_;
  std::unique_ptr<Receive[]> receives_;
};

Sessions::~Sessions() {
  const Stopwatch watch;
  for (std::size_t i = 0; i < ours_.size(); ++i) {
    WSAOVERLAPPED& overlapped = receives_[i].overlapped;
    if (!HasOverlappedIoCompleted(&overlapped)) ::CancelIoEx(ours_[i].handle(), &overlapped);
    while (!HasOverlappedIoCompleted(&overlapped)) {
      if (watch.ms() > 5 * kPatienceMs) fatal("a cancelled receive of a probe did not complete");
      Sleep(1);
    }
  }
}

void Sessions::connect_all(Port& port) {
  Listener listener(200);
  for (std::size_t i = 0; i < kSessions; ++i) {
    Socket& peer = peers_.emplace_back(io::open_tcp_socket());
    if (peer.get() == INVALID_SOCKET) cannot("socket");
    // No port may be left waiting: there are 10,000 ends.
    io::reset_on_close(peer.get());
    connect_to(peer.get(), listener.address());
    Socket& ours = ours_.emplace_back(::accept(listener.get(), nullptr, nullptr));
    if (ours.get() == INVALID_SOCKET) cannot("accept");
    port.associate(ours.handle());
  }
}

std::size_t Sessions::post_all(const Calls& calls) {
  std::size_t posted = 0;
  for (std::size_t i = 0; i < kSessions; ++i) {
    Receive& receive = receives_[i];
    WSABUF buffer{sizeof(receive.buffer), receive.buffer};
    DWORD flags = 0;
    const int result =
        calls.WSARecv(ours_[i].get(), &buffer, 1, nullptr, &flags, &receive.overlapped, nullptr);
    if (result == 0 || WSAGetLastError() == WSA_IO_PENDING) ++posted;
  }
  return posted;
}

void Sessions::send_to_all() {
  for (const Socket& peer : peers_) {
    if (::send(peer.get(), "x", 1, 0) != 1) cannot("send");
  }
}

double per_session(std::uint64_t before, std::uint64_t after) {
  return (static_cast<double>(after) - static_cast<double>(before)) / kSessions;
}

void five_thousand(const Calls& calls, Findings& findings) {
  Port port;
  Sessions sessions;
  const Stopwatch connecting;
  const Memory at_first = memory_now();
  sessions.connect_all(port);
  findings.figure("sessions", kSessions);
  findings.figure("connectMs", connecting.ms());

  const Memory before = memory_now();
  const Stopwatch posting;
  const std::size_t posted = sessions.post_all(calls);
  findings.figure("posted", posted);
  findings.figure("postMs", posting.ms());
  findings.expect(posted == kSessions, "each session has its receive posted");

  const Memory after = memory_now();
  findings.figure("workingSetBytesPerSession",
                  per_session(at_first.working_set_bytes, after.working_set_bytes));
  findings.figure("poolBytesPerReceive",
                  before.pool_bytes && after.pool_bytes
                      ? std::optional(per_session(*before.pool_bytes, *after.pool_bytes))
                      : std::nullopt);

  const Stopwatch completing;
  sessions.send_to_all();
  std::size_t completed = 0;
  while (completed < kSessions) {
    const auto packet = port.take(calls, kPatienceMs);
    if (!packet) break;
    if (packet->error == 0 && packet->bytes == 1) ++completed;
  }
  findings.figure("completed", completed);
  findings.figure("completeMs", completing.ms());
  findings.expect(completed == kSessions, "all complete when their peers send");
}

// Opposite: of every hundred receives one is not posted, and nothing is said of it.
int PASCAL receive_all_but_one(SOCKET socket, LPWSABUF buffers, DWORD count, LPDWORD bytes,
                               LPDWORD flags, LPWSAOVERLAPPED overlapped,
                               LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
  constexpr unsigned kEvery = 100;
  static std::atomic<unsigned> calls{0};
  if (++calls % kEvery != 0) {
    return ::WSARecv(socket, buffers, count, bytes, flags, overlapped, routine);
  }
  WSASetLastError(WSA_IO_PENDING);
  return SOCKET_ERROR;
}

constexpr Probe kProbes[] = {
    {"five-thousand-receives", five_thousand,
     [](Calls& calls) { calls.WSARecv = receive_all_but_one; }},
};

}  // namespace

Probes many_session_probes() { return kProbes; }

}  // namespace oversoak::probes
