#include "io/windows/iocp.h"

#include <limits>

#include "fatal.h"
#include "io/sockets.h"
#include "io/windows/timeout.h"
#include "os/clock.h"

namespace oversoak::io {
namespace {

constexpr std::size_t kEntriesPerCall = 256;
// What it takes from the timer, or the metronome's thread, to this one, and more.
constexpr std::int64_t kLead_ns = 150'000;

LPFN_CONNECTEX find_connect_ex() {
  const SOCKET probe = open_tcp_socket();
  const LPFN_CONNECTEX connect_ex = load_connect_ex(probe);
  closesocket(probe);
  if (connect_ex == nullptr) fatal("ConnectEx is not there");
  return connect_ex;
}

// SO_REUSE_UNICASTPORT, which older headers lack.
constexpr int kReuseUnicastPort = 0x3007;

// ConnectEx wants a bound socket. A plain bind takes a port for itself; with the option the system
// chooses it at the connect, and may share it between connections to different addresses (Windows
// 10 and Server 2016 on; refused elsewhere, and ignored here).
Error bind_to_any(SOCKET socket, int family) {
  const BOOL shared = TRUE;
  setsockopt(socket, SOL_SOCKET, kReuseUnicastPort, reinterpret_cast<const char*>(&shared),
             sizeof(shared));
  const Address any = Address::any_of(family);
  const int result = bind(socket, any.get(), any.size());
  return result == 0 ? Error() : Error::last();
}

}  // namespace

Iocp::Iocp(const IocpSettings& settings, bool precise)
    : settings_(settings),
      port_(CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1)),
      entries_(kEntriesPerCall),
      precise_(precise),
      spin_budget_(os::now_ns()) {
  if (port_ == nullptr) fatal("CreateIoCompletionPort failed", GetLastError());
  timer_ = PortTimer::make(port_);
  if (precise_ && timer_ == nullptr) metronome_.emplace([this] { wake(); });
}

Iocp::~Iocp() {
  metronome_.reset();  // its thread wakes by the port
  timer_.reset();
  CloseHandle(port_);
}

std::size_t Iocp::capacity() const noexcept { return std::numeric_limits<std::size_t>::max(); }

Error Iocp::open(Channel& channel) {
  const auto handle = reinterpret_cast<HANDLE>(channel.socket);
  if (CreateIoCompletionPort(handle, port_, 0, 0) == nullptr) return Error(GetLastError());
  if (settings_.skip_on_success &&
      !SetFileCompletionNotificationModes(
          handle, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE)) {
    return Error(GetLastError());
  }
  return {};
}

void Iocp::close(Channel&) noexcept {}

Error Iocp::receive(Channel& channel, std::span<std::byte> into) {
  channel.receive.system = {};
  return issue(channel.receive, call_receive(channel, into));
}

Sent Iocp::send(Channel& channel, std::span<const std::byte> bytes) {
  channel.send.system = {};
  return {issue(channel.send, call_send(channel, bytes))};
}

// Set as outstanding before the call: the notifier's thread may have the packet before it returns.
// (A content thread runs until every session is closed, so its exit cancels no send.)
Sent Iocp::send_from_any_thread(Channel& channel, std::span<const std::byte> bytes,
                                OperationFigures& figures) {
  channel.send.system = {};
  channel.send.outstanding = true;
  const int result = call_send(channel, bytes);
  const Error error = result == 0 ? Error() : Error::last();
  if (error == Error(WSA_IO_PENDING)) {
    figures.pending.add();
    return {};
  }
  if (error) {
    channel.send.outstanding = false;
    figures.failed.add();
    return {error, false};
  }
  figures.at_once.add();
  if (!settings_.skip_on_success) return {};
  channel.send.outstanding = false;
  if (channel.send.system.InternalHigh != bytes.size()) return {Error(WSA_IO_INCOMPLETE), false};
  return {Error(), true};
}

Error Iocp::connect(Channel& channel, const Address& server) {
  static const LPFN_CONNECTEX connect_ex = find_connect_ex();
  if (const Error error = bind_to_any(channel.socket, server.family())) return error;
  channel.connect.system = {};
  const BOOL done = connect_ex(channel.socket, server.get(), server.size(), nullptr, 0, nullptr,
                               &channel.connect.system);
  return issue(channel.connect, done ? 0 : SOCKET_ERROR);
}

Error Iocp::issue(Operation& operation, int result) {
  const Error error = issued_with(operation, result);
  if (!error && result == 0 && settings_.skip_on_success) done_at_once_.push_back(&operation);
  return error;
}

std::span<const Completion> Iocp::wait(std::int64_t until_ns) {
  batch_.clear();
  for (Operation* operation : done_at_once_) batch_.push_back(result_of(*operation));
  done_at_once_.clear();
  if (batch_.empty() || ++rounds_ >= settings_.inline_rounds) {
    rounds_ = 0;
    take_port_until(batch_.empty() ? until_ns : kNow);
  }
  count_batch(batch_);
  return batch_;
}

// The port's own timeout ends a wait up to a millisecond or two late. It stays, for a timer that
// cannot be set.
void Iocp::take_port_until(std::int64_t until_ns) {
  if (until_ns == kNow || until_ns == kForever) return take_port(milliseconds_until(until_ns));
  if (precise_) return take_port_precisely(until_ns);
  wake_at(until_ns);
  take_port(milliseconds_until(until_ns));
}

void Iocp::wake_at(std::int64_t at_ns) noexcept {
  if (timer_ != nullptr) return timer_->set(at_ns);
  if (metronome_) metronome_->wake_at(at_ns);
}

// The wait is ended a little before something is due, and the rest is waited for awake as far as
// the budget goes. What is due sooner than that is met by the completions that come all the time
// under such a load.
void Iocp::take_port_precisely(std::int64_t until_ns) {
  const bool soon = until_ns - os::now_ns() <= kLead_ns;
  if (!soon) wake_at(until_ns - kLead_ns);
  take_port(soon ? 0 : milliseconds_until(until_ns));
  if (!batch_.empty()) return;
  const std::int64_t woken_ns = os::now_ns();
  const std::int64_t left_ns = until_ns - woken_ns;
  if (left_ns <= 0 || left_ns > kLead_ns) return;
  if (!spin_budget_.take(woken_ns, left_ns)) return take_port(1);
  while (os::now_ns() < until_ns) YieldProcessor();
}

void Iocp::take_port(DWORD timeout_ms) {
  ULONG removed = 0;
  if (!GetQueuedCompletionStatusEx(port_, entries_.data(), static_cast<ULONG>(entries_.size()),
                                   &removed, timeout_ms, FALSE)) {
    if (GetLastError() != WAIT_TIMEOUT) {
      fatal("GetQueuedCompletionStatusEx failed", GetLastError());
    }
    return;
  }
  for (ULONG i = 0; i < removed; ++i) {
    LPOVERLAPPED overlapped = entries_[i].lpOverlapped;
    if (overlapped == nullptr) continue;  // posted by wake()
    batch_.push_back(result_of(*reinterpret_cast<Operation*>(overlapped)));
  }
}

void Iocp::wake() noexcept {
  if (!PostQueuedCompletionStatus(port_, 0, 0, nullptr)) {
    fatal("PostQueuedCompletionStatus failed", GetLastError());
  }
}

}  // namespace oversoak::io
