#include "probes/operation.h"

#include <type_traits>

#include "fatal.h"
#include "io/sockets.h"
#include "os/clock.h"
#include "probes/connection.h"

namespace oversoak::probes {
namespace {

constexpr std::int64_t kMillisecond_ns = 1'000'000;

// Sleeps in small steps until it is so or the time is over; routines that are due run meanwhile
// where `alertable`.
template <typename Condition>
bool poll(DWORD timeout_ms, bool alertable, Condition so) noexcept {
  const std::int64_t end_ns = os::now_ns() + timeout_ms * kMillisecond_ns;
  while (!so()) {
    if (os::now_ns() > end_ns) return false;
    ::SleepEx(1, alertable);
  }
  return true;
}

void place(OVERLAPPED& overlapped, std::uint64_t offset) noexcept {
  overlapped.Offset = static_cast<DWORD>(offset);
  overlapped.OffsetHigh = static_cast<DWORD>(offset >> 32);
}

}  // namespace

Event::Event() : handle_(CreateEventW(nullptr, TRUE, FALSE, nullptr)) {
  if (handle_ == nullptr) throw Inconclusive("CreateEvent failed");
}

Operation::Operation(std::size_t bytes, HANDLE event) : pages_(bytes), event_(event) {
  static_assert(std::is_standard_layout_v<State> && offsetof(State, overlapped) == 0);
}

Operation::~Operation() {
  if (!outstanding_) return;
  if (!completed()) ::CancelIoEx(handle_, &state_.overlapped);
  // Its memory cannot be given back while the system may write to it.
  if (!poll(kPatienceMs, true, [this] { return completed(); })) {
    fatal("a cancelled operation of a probe did not complete");
  }
  // Soon after the completion, or (planted) never.
  constexpr DWORD kRoutineMs = 200;
  if (routine_due_) poll(kRoutineMs, true, [this] { return state_.ran_on != 0; });
}

void Operation::begin(HANDLE handle) noexcept {
  state_.overlapped = {};
  state_.overlapped.hEvent = event_;
  state_.ran_on = 0;
  handle_ = handle;
}

DWORD Operation::issued(DWORD error) noexcept {
  outstanding_ = error == 0 || error == ERROR_IO_PENDING;
  return error;
}

DWORD Operation::receive(const Calls& calls, SOCKET socket, Routine routine) {
  routine_due_ = routine == Routine::noted;
  return issue(reinterpret_cast<HANDLE>(socket), [&](LPWSAOVERLAPPED overlapped) {
    WSABUF buffer{static_cast<ULONG>(memory().size()), memory().data()};
    DWORD flags = 0;
    return calls.WSARecv(socket, &buffer, 1, nullptr, &flags, overlapped,
                         routine_due_ ? &socket_done : nullptr) == 0;
  });
}

DWORD Operation::send(const Calls& calls, SOCKET socket) {
  return issue(reinterpret_cast<HANDLE>(socket), [&](LPWSAOVERLAPPED overlapped) {
    WSABUF buffer{static_cast<ULONG>(memory().size()), memory().data()};
    return calls.WSASend(socket, &buffer, 1, nullptr, 0, overlapped, nullptr) == 0;
  });
}

DWORD Operation::read(const Calls& calls, HANDLE file, std::uint64_t offset, Routine routine) {
  routine_due_ = routine == Routine::noted;
  const auto size = static_cast<DWORD>(memory().size());
  return issue(file, [&](LPOVERLAPPED overlapped) {
    place(*overlapped, offset);
    return (routine_due_
                ? calls.ReadFileEx(file, memory().data(), size, overlapped, &file_done)
                : calls.ReadFile(file, memory().data(), size, nullptr, overlapped)) != FALSE;
  });
}

DWORD Operation::write(const Calls& calls, HANDLE file, std::uint64_t offset, Routine routine) {
  routine_due_ = routine == Routine::noted;
  const auto size = static_cast<DWORD>(memory().size());
  return issue(file, [&](LPOVERLAPPED overlapped) {
    place(*overlapped, offset);
    return (routine_due_
                ? calls.WriteFileEx(file, memory().data(), size, overlapped, &file_done)
                : calls.WriteFile(file, memory().data(), size, nullptr, overlapped)) != FALSE;
  });
}

bool Operation::completed_within(DWORD timeout_ms) const noexcept {
  return poll(timeout_ms, false, [this] { return completed(); });
}

DWORD Operation::error() const noexcept {
  DWORD bytes = 0;
  auto* overlapped = const_cast<LPOVERLAPPED>(&state_.overlapped);
  return ::GetOverlappedResult(handle_, overlapped, &bytes, FALSE) ? 0 : GetLastError();
}

std::optional<DWORD> Operation::routine_ran_on() const noexcept {
  const DWORD thread = state_.ran_on;
  return thread == 0 ? std::nullopt : std::optional(thread);
}

void CALLBACK Operation::socket_done(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD) {
  file_done(error, bytes, overlapped);
}

void CALLBACK Operation::file_done(DWORD, DWORD, LPOVERLAPPED overlapped) {
  static thread_local std::uint64_t turns = 0;
  auto* state = reinterpret_cast<State*>(overlapped);
  state->turn = ++turns;
  state->ran_on = GetCurrentThreadId();
}

Port::Port() : port_(CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1)) {
  if (port_ == nullptr) throw Inconclusive("CreateIoCompletionPort failed");
}

void Port::associate(HANDLE handle) {
  if (CreateIoCompletionPort(handle, port_, 0, 0) == nullptr) {
    throw Inconclusive("CreateIoCompletionPort failed: " + io::Error(GetLastError()).describe());
  }
}

std::optional<Port::Packet> Port::take(const Calls& calls, DWORD timeout_ms) const {
  Packet packet;
  ULONG_PTR key = 0;
  const BOOL success =
      calls.GetQueuedCompletionStatus(port_, &packet.bytes, &key, &packet.overlapped, timeout_ms);
  if (packet.overlapped == nullptr) return std::nullopt;
  if (!success) packet.error = GetLastError();
  return packet;
}

}  // namespace oversoak::probes
