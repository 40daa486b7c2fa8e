#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "metrics/counter.h"
#include "winsock/winsock.h"

// How a thread learns that an IO finished. One notifier belongs to one thread: that thread creates
// it, issues every operation of its channels and takes their completions. Only `wake` is for
// others.
//
// An operation that the call itself finished is not treated apart: it, too, comes out of a later
// `wait`. So whoever uses a notifier sees one door for completions, whatever the model.
namespace oversoak::notify {

struct Channel;

enum class OperationKind : std::uint8_t { receive, send, connect };

// One overlapped operation, issued again and again. It and the bytes it covers live and stay where
// they are while it is outstanding, also after a cancel.
struct Operation {
  WSAOVERLAPPED overlapped;  // first: the system's pointer to it is the pointer to this
  Channel* channel;
  OperationKind kind;
  // Atomic for the send, which another thread may issue (see send_from_any_thread).
  std::atomic<bool> outstanding;
};

// The notifier's view of one connection; the session or client that has it as base owns the memory.
struct Channel {
  Channel()
      : receive{{}, this, OperationKind::receive, false},
        send{{}, this, OperationKind::send, false},
        connect{{}, this, OperationKind::connect, false} {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Nothing may be freed and no socket closed before this is false.
  bool has_pending() const noexcept {
    return receive.outstanding || send.outstanding || connect.outstanding;
  }

  SOCKET socket = INVALID_SOCKET;
  Operation receive;
  Operation send;
  Operation connect;
  std::size_t slot = 0;  // the notifier's own
};

struct Completion {
  Channel* channel = nullptr;
  OperationKind kind = OperationKind::receive;
  DWORD bytes = 0;
  DWORD error = 0;  // of Winsock; 0: success
};

struct OperationFigures {
  metrics::Counter at_once;
  metrics::Counter pending;
  metrics::Counter failed;
};

struct NotifierFigures {
  OperationFigures receives;
  OperationFigures sends;
  metrics::Counter completions;
  metrics::Counter batches;
  metrics::Counter largest_batch;
};

// What became of a send that another thread than the notifier's issued.
struct DirectSend {
  DWORD error = 0;        // of Winsock; then no completion comes
  bool complete = false;  // it was taken whole at once, and no completion comes
};

class Notifier {
 public:
  virtual ~Notifier() = default;

  // Most channels that this notifier can have open.
  virtual std::size_t capacity() const noexcept = 0;

  // Takes a connected socket in; 0 or a Winsock error.
  virtual DWORD open(Channel& channel) = 0;

  // Lets a channel go. Nothing of it may be outstanding; the caller closes the socket afterwards.
  virtual void close(Channel& channel) noexcept = 0;

  // Issues an operation; 0, and a completion will come, or a Winsock error, and none will. The
  // bytes belong to the system until then. At most one receive and one send of a channel at a time.
  virtual DWORD receive(Channel& channel, std::span<std::byte> into) = 0;
  virtual DWORD send(Channel& channel, std::span<const std::byte> bytes) = 0;

  // Asks for the end of everything outstanding on the channel. The completions still come, and may
  // still be successes.
  virtual void cancel(Channel& channel) noexcept;

  // Whether the model lets any thread issue a send whose completion then comes to this one.
  virtual bool lets_any_thread_send() const noexcept { return false; }

  // Any thread, one at a time for a channel, with nothing of the channel's sends in flight. Counts
  // into the caller's own figures.
  virtual DirectSend send_from_any_thread(Channel& channel, std::span<const std::byte> bytes,
                                          OperationFigures& figures);

  // Waits until there are completions, `wake` was called, or the time is over. What is returned
  // stands until the next call. A channel's operation is no longer outstanding when it is returned.
  virtual std::span<const Completion> wait(DWORD timeout_ms) = 0;

  // Any thread: ends the wait, or the next one.
  virtual void wake() noexcept = 0;

  const NotifierFigures& figures() const noexcept { return figures_; }

 protected:
  // Books the result of WSARecv or WSASend; 0 when a completion will come, else the error.
  DWORD issued(Operation& operation, int result) noexcept;

  // The same, when the error is known: 0 (done at once), WSA_IO_PENDING, or another.
  DWORD issued_with(Operation& operation, DWORD error) noexcept;

  // Books what a wait returns.
  void count_batch(std::span<const Completion> batch) noexcept;

 private:
  OperationFigures& figures_of(OperationKind kind) noexcept {
    return kind == OperationKind::receive ? figures_.receives : figures_.sends;
  }

  NotifierFigures figures_;
};

// WSARecv and WSASend on the channel's own operation, as it is prepared; what they return. The
// WSABUF need not outlive the call, the bytes and the operation must.
int call_receive(Channel& channel, std::span<std::byte> into,
                 LPWSAOVERLAPPED_COMPLETION_ROUTINE routine = nullptr) noexcept;
int call_send(Channel& channel, std::span<const std::byte> bytes,
              LPWSAOVERLAPPED_COMPLETION_ROUTINE routine = nullptr) noexcept;

// Takes the result of an operation that is known to be complete.
Completion result_of(Operation& operation) noexcept;

}  // namespace oversoak::notify
