#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "io/address.h"
#include "io/channel.h"

// How a thread learns that an IO finished. One notifier belongs to one thread: that thread creates
// it, issues every operation of its channels and takes their completions. Only `wake` is for
// others.
//
// A receive or connect that the call itself finished is not treated apart: it, too, comes out of a
// later `wait`. So whoever uses a notifier sees one door for completions, whatever the model. Only
// a send may be over with its call: nothing follows from it, and another turn for it would cost.
namespace oversoak::io {

class Notifier {
 public:
  virtual ~Notifier() = default;

  // Most channels that this notifier can have open.
  virtual std::size_t capacity() const noexcept = 0;

  // Takes in a socket that is connected, or that `connect` comes for at once.
  virtual Error open(Channel& channel) = 0;

  // Lets a channel go. Nothing of it may be outstanding; the caller closes the socket afterwards.
  virtual void close(Channel& channel) noexcept = 0;

  // Issues an operation; no error, and a completion will come, or an error, and none will. The
  // bytes belong to the system until then. At most one receive and one send of a channel at a time.
  virtual Error receive(Channel& channel, std::span<std::byte> into) = 0;
  virtual Sent send(Channel& channel, std::span<const std::byte> bytes) = 0;

  // As `receive`, for a channel whose socket is not connected. Only of a fleet's notifier.
  virtual Error connect(Channel& channel, const Address& server);

  // Asks for the end of everything outstanding on the channel. The completions still come, and may
  // still be successes.
  virtual void cancel(Channel& channel) noexcept = 0;

  // Whether the model lets any thread issue a send whose completion then comes to this one.
  virtual bool lets_any_thread_send() const noexcept { return false; }

  // Any thread, one at a time for a channel, with nothing of the channel's sends in flight. Counts
  // into the caller's own figures.
  virtual Sent send_from_any_thread(Channel& channel, std::span<const std::byte> bytes,
                                    OperationFigures& figures);

  static constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();
  static constexpr std::int64_t kNow = 0;

  // Waits until there are completions, `wake` was called, or it is `until_ns` (os::now_ns). What is
  // returned stands until the next call. A channel's operation is no longer outstanding when it is
  // returned.
  virtual std::span<const Completion> wait(std::int64_t until_ns) = 0;

  // Any thread: ends the wait, or the next one.
  virtual void wake() noexcept = 0;

  const NotifierFigures& figures() const noexcept { return figures_; }

 protected:
  // Books an operation that the system has taken.
  void issued(Operation& operation, bool at_once) noexcept;

  // Books one that was over with its call, and of which no completion comes.
  void done_at_once(const Operation& operation) noexcept;

  // Books one that it has not.
  void refused(Operation& operation) noexcept;

  // Books what a wait returns.
  void count_batch(std::span<const Completion> batch) noexcept;

 private:
  // Null: what is not counted.
  OperationFigures* figures_of(OperationKind kind) noexcept;

  NotifierFigures figures_;
};

}  // namespace oversoak::io
