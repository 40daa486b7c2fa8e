#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "io/address.h"
#include "io/channel.h"

// How a thread learns that an IO has completed. A notifier belongs to one thread, which creates it,
// issues every operation of its channels and takes their completions. Other threads call only
// `wake` and, where the model allows it, `send_from_any_thread`.
//
// Completions arrive in one place, `wait`, whatever the model: a receive or connect that completes
// within its call is returned by a later `wait` as well. Only a send may complete with its call
// (Sent::complete), because nothing follows from it and another turn of the loop has a cost.
namespace oversoak::io {

class Notifier {
 public:
  virtual ~Notifier() = default;

  // The maximum number of open channels.
  virtual std::size_t capacity() const noexcept = 0;

  // Registers a channel whose socket is connected, or about to be by `connect`.
  virtual Error open(Channel& channel) = 0;

  // Deregisters a channel without outstanding operations; the caller then closes the socket. A
  // notifier may keep the connection open until the next wait (a ring's receive holds it), so a
  // thread waits once more after its last close.
  virtual void close(Channel& channel) noexcept = 0;

  // Issues an operation. Without an error a completion follows, and the system owns the bytes until
  // then; with an error none follows. At most one receive and one send of a channel at a time.
  virtual Error receive(Channel& channel, std::span<std::byte> into) = 0;
  virtual Sent send(Channel& channel, std::span<const std::byte> bytes) = 0;

  // For a channel whose socket is not connected. Only a fleet's notifier has it.
  virtual Error connect(Channel& channel, const Address& server);

  // Cancels everything outstanding on the channel. The completions still come, and may be
  // successes.
  virtual void cancel(Channel& channel) noexcept = 0;

  // Whether the model lets any thread issue a send whose completion then comes to this one.
  virtual bool lets_any_thread_send() const noexcept { return false; }

  // Any thread, one at a time for a channel, while no send of the channel is in flight. Counted in
  // the caller's figures.
  virtual Sent send_from_any_thread(Channel& channel, std::span<const std::byte> bytes,
                                    OperationFigures& figures);

  static constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();
  static constexpr std::int64_t kNow = 0;

  // Waits for completions, a `wake`, or the time `until_ns` (os::now_ns). The result is valid until
  // the next call. Returned operations are no longer outstanding.
  virtual std::span<const Completion> wait(std::int64_t until_ns) = 0;

  // Any thread: ends the current wait, or the next one.
  virtual void wake() noexcept = 0;

  const NotifierFigures& figures() const noexcept { return figures_; }

 protected:
  // Counts an operation that the system has accepted.
  void issued(Operation& operation, bool at_once) noexcept;

  // Counts an operation that completed within its call and has no further completion.
  void done_at_once(const Operation& operation) noexcept;

  // Counts an operation that failed within its call.
  void refused(Operation& operation) noexcept;

  // Counts the completions that a wait returns.
  void count_batch(std::span<const Completion> batch) noexcept;

 private:
  // Null for a kind that is not counted.
  OperationFigures* figures_of(OperationKind kind) noexcept;

  NotifierFigures figures_;
};

}  // namespace oversoak::io
