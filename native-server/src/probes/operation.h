#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <span>

#include "probes/calls.h"
#include "probes/pages.h"

namespace oversoak::probes {

// Owns a manual-reset event.
class Event {
 public:
  Event();
  ~Event() { CloseHandle(handle_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  HANDLE get() const noexcept { return handle_; }
  bool wait(DWORD timeout_ms) const noexcept {
    return WaitForSingleObject(handle_, timeout_ms) == WAIT_OBJECT_0;
  }

 private:
  HANDLE handle_;
};

// One overlapped operation and the memory that it covers. Both are the system's until it has
// completed; so the destructor cancels what is outstanding and waits for its completion, and, in an
// alertable wait, for the routine. A probe's operations are made, issued and destroyed by its own
// thread, unless it says otherwise. `Pages` ends in a page that may not be touched.
class Operation {
 public:
  enum class Routine : bool { none, noted };

  // `event`: to be signalled; owned by the probe, which outlives this.
  explicit Operation(std::size_t bytes, HANDLE event = nullptr);
  ~Operation();
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  // What the system takes or fills.
  std::span<char> memory() noexcept { return pages_.bytes(); }
  WSAOVERLAPPED& overlapped() noexcept { return state_.overlapped; }

  // Issue it; 0: done at once, ERROR_IO_PENDING, or another error, and then none is outstanding.
  DWORD receive(const Calls& calls, SOCKET socket, Routine routine = Routine::none);
  DWORD send(const Calls& calls, SOCKET socket);
  DWORD read(const Calls& calls, HANDLE file, std::uint64_t offset,
             Routine routine = Routine::none);
  DWORD write(const Calls& calls, HANDLE file, std::uint64_t offset,
              Routine routine = Routine::none);
  // `call` is given the OVERLAPPED and answers whether it succeeded.
  template <typename Call>
  DWORD issue(HANDLE handle, Call call) {
    begin(handle);
    return issued(call(&state_.overlapped) ? 0 : GetLastError());
  }

  // In memory only: the system has written the end of the operation to the OVERLAPPED.
  bool completed() const noexcept { return HasOverlappedIoCompleted(&state_.overlapped); }
  bool completed_within(DWORD timeout_ms) const noexcept;
  DWORD bytes() const noexcept { return static_cast<DWORD>(state_.overlapped.InternalHigh); }
  // Of a completed operation.
  DWORD error() const noexcept;

  // The routine, if it has run: on which thread.
  std::optional<DWORD> routine_ran_on() const noexcept;
  // Rises with each routine that runs on a thread.
  std::uint64_t routine_turn() const noexcept { return state_.turn; }

 private:
  // The system's pointer to the first is the routine's pointer to all.
  struct State {
    WSAOVERLAPPED overlapped;
    std::atomic<DWORD> ran_on;  // 0: has not run
    std::uint64_t turn;
  };

  static void CALLBACK socket_done(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped,
                                   DWORD flags);
  static void CALLBACK file_done(DWORD error, DWORD bytes, LPOVERLAPPED overlapped);
  void begin(HANDLE handle) noexcept;
  DWORD issued(DWORD error) noexcept;

  State state_{};
  Pages pages_;
  HANDLE event_;
  HANDLE handle_ = nullptr;
  bool outstanding_ = false;
  bool routine_due_ = false;
};

// A completion port for one probe.
class Port {
 public:
  struct Packet {
    LPOVERLAPPED overlapped = nullptr;
    DWORD bytes = 0;
    DWORD error = 0;
  };

  Port();
  ~Port() { CloseHandle(port_); }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  void associate(HANDLE handle);
  // Nothing: none came in time.
  std::optional<Packet> take(const Calls& calls, DWORD timeout_ms) const;

 private:
  HANDLE port_;
};

}  // namespace oversoak::probes
