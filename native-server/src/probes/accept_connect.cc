// AcceptEx and ConnectEx, and the accept thread of its own.
#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "io/sockets.h"
#include "probes/connection.h"
#include "probes/families.h"
#include "probes/later.h"
#include "probes/operation.h"
#include "probes/stopwatch.h"

namespace oversoak::probes {
namespace {

// AcceptEx wants room for each address and 16 bytes more.
constexpr DWORD kAddressBytes = sizeof(sockaddr_in) + 16;

DWORD accept_into(const Calls& calls, const Listener& listener, const Socket& accepted,
                  Operation& operation) {
  const auto handle = reinterpret_cast<HANDLE>(listener.get());
  return operation.issue(handle, [&](LPOVERLAPPED overlapped) {
    DWORD bytes = 0;
    return calls.AcceptEx(listener.get(), accepted.get(), operation.memory().data(), 0,
                          kAddressBytes, kAddressBytes, &bytes, overlapped) != FALSE;
  });
}

void acceptex_pends(const Calls& calls, Findings& findings) {
  Listener listener;
  const Socket accepted(io::open_tcp_socket());
  const Socket client(io::open_tcp_socket());
  const Event event;
  Operation operation(2 * kAddressBytes, event.get());
  const Stopwatch call;
  const DWORD error = accept_into(calls, listener, accepted, operation);
  findings.figure("callUs", call.us());
  findings.figure("callError", error);
  findings.expect(error == ERROR_IO_PENDING && !operation.completed(),
                  "AcceptEx goes pending while nobody connects");
  connect_to(client.get(), listener.address());
  const bool completed = event.wait(kPatienceMs) && operation.error() == 0;
  findings.figure("completedAfterConnect", completed);
  findings.expect(completed, "it completes when somebody does");
}

// Opposite: it waits for a connection, and then says that none came.
BOOL PASCAL accept_waiting(SOCKET listener, SOCKET, PVOID, DWORD, DWORD, DWORD, LPDWORD,
                           LPOVERLAPPED) {
  readable(listener, 200);
  WSASetLastError(WSAETIMEDOUT);
  return FALSE;
}

void connectex_pends(const Calls& calls, Findings& findings) {
  Listener listener;
  const Socket client(io::open_tcp_socket());
  const sockaddr_in any = io::loopback(0);
  if (bind(client.get(), reinterpret_cast<const sockaddr*>(&any), sizeof(any)) != 0) {
    cannot("bind");
  }
  const Event event;
  Operation operation(1, event.get());
  const Stopwatch call;
  const DWORD error = operation.issue(client.handle(), [&](LPOVERLAPPED overlapped) {
    return calls.ConnectEx(client.get(), reinterpret_cast<const sockaddr*>(&listener.address()),
                           sizeof(sockaddr_in), nullptr, 0, nullptr, overlapped) != FALSE;
  });
  findings.figure("callUs", call.us());
  findings.figure("callError", error);
  findings.expect(error == 0 || error == ERROR_IO_PENDING, "ConnectEx is taken");
  const bool reported = event.wait(kPatienceMs) && operation.error() == 0;
  findings.figure("completedByEvent", reported);
  findings.expect(reported, "the connection is reported by the operation's event");
}

// Opposite: it connects with a blocking call and reports nothing.
BOOL PASCAL connect_unreported(SOCKET socket, const sockaddr* name, int length, void*, DWORD,
                               DWORD*, OVERLAPPED*) {
  return connect(socket, name, length) == 0;
}

// Short rounds, and many: a machine that stands still for a moment spoils few of them.
constexpr std::size_t kConnections = 50;
constexpr int kRounds = 8;
constexpr DWORD kRoundMs = 4000;

// Connects one after another, on a thread of its own; its end is joined, its sockets closed.
class Connector {
 public:
  explicit Connector(const sockaddr_in& address)
      : thread_([this, address] {
          for (std::size_t i = 0; i < kConnections; ++i) {
            Socket& socket = sockets_.emplace_back(io::open_tcp_socket());
            io::reset_on_close(socket.get());
            if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&address),
                        sizeof(address)) != 0) {
              return;
            }
          }
        }) {}
  ~Connector() { thread_.join(); }
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;

 private:
  std::vector<Socket> sockets_;
  std::thread thread_;  // last: the others are there before it runs
};

[[noreturn]] void too_few() { throw Inconclusive("not all connections were accepted in time"); }

// The lecture's way: a thread that does nothing but accept, here the probe's.
double rate_of_accept(const Calls& calls) {
  Listener listener(static_cast<int>(kConnections));
  std::vector<Socket> accepted;
  // accept has no bound of its own: in the end a connection more lets it return.
  std::atomic<bool> late{false};
  const Later bound(kRoundMs, [&] {
    late = true;
    const Socket last(io::open_tcp_socket());
    connect(last.get(), reinterpret_cast<const sockaddr*>(&listener.address()),
            sizeof(sockaddr_in));
  });
  const Stopwatch watch;
  const Connector connector(listener.address());
  while (accepted.size() < kConnections) {
    Socket& socket = accepted.emplace_back(calls.accept(listener.get(), nullptr, nullptr));
    if (socket.get() == INVALID_SOCKET || late) too_few();
  }
  return kConnections / watch.ms() * 1000;
}

struct PostedAccept {
  Socket socket{io::open_tcp_socket()};
  Operation operation{2 * kAddressBytes};
};

// Sixteen AcceptEx are outstanding; each that completes is posted again with a new socket.
double rate_of_acceptex(const Calls& calls) {
  constexpr std::size_t kPosted = 16;
  Listener listener(static_cast<int>(kConnections));
  Port port;
  port.associate(reinterpret_cast<HANDLE>(listener.get()));
  std::vector<Socket> accepted;
  std::vector<std::unique_ptr<PostedAccept>> posted(kPosted);
  for (auto& post : posted) {
    post = std::make_unique<PostedAccept>();
    accept_into(calls, listener, post->socket, post->operation);
  }
  const Stopwatch watch;
  const Connector connector(listener.address());
  while (accepted.size() < kConnections) {
    const auto packet = port.take(calls, kPatienceMs);
    if (!packet) too_few();
    for (auto& post : posted) {
      if (&post->operation.overlapped() != packet->overlapped) continue;
      accepted.push_back(std::move(post->socket));
      post->socket = Socket(io::open_tcp_socket());
      accept_into(calls, listener, post->socket, post->operation);
    }
  }
  return kConnections / watch.ms() * 1000;
}

void accept_thread_keeps_up(const Calls& calls, Findings& findings) {
  double by_accept = 0;
  double by_acceptex = 0;
  for (int round = 0; round < kRounds; ++round) {
    by_accept = std::max(by_accept, rate_of_accept(calls));
    by_acceptex = std::max(by_acceptex, rate_of_acceptex(calls));
  }
  findings.figure("connections", kConnections);
  findings.figure("acceptRate", by_accept);
  findings.figure("acceptExRate", by_acceptex);
  findings.expect(by_accept >= by_acceptex / 2,
                  "a thread that only accepts has at least half the rate of AcceptEx");
}

// Opposite: an accept that takes its time.
SOCKET PASCAL accept_slowly(SOCKET listener, sockaddr* name, int* length) {
  Sleep(5);
  return ::accept(listener, name, length);
}

constexpr Probe kProbes[] = {
    {"acceptex-pends", acceptex_pends, [](Calls& calls) { calls.AcceptEx = accept_waiting; }},
    {"connectex-completes-overlapped", connectex_pends,
     [](Calls& calls) { calls.ConnectEx = connect_unreported; }},
    {"accept-thread-keeps-up", accept_thread_keeps_up,
     [](Calls& calls) { calls.accept = accept_slowly; }},
};

}  // namespace

Probes accept_connect_probes() { return kProbes; }

}  // namespace oversoak::probes
