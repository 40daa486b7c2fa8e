#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace oversoak::fleet {

// When a thread stood still, os::now_ns. Of one thread; the newest are remembered.
//
// A standstill outlasts itself: what became due in it is sent at once, and delays what is sent on
// time behind that. A server that answers one message after another had none of them meanwhile, so
// each is answered later by as much at most (Lindley's recursion), until no more are in flight than
// on average before. A server that is used more than 95 % of its time takes longer than is looked
// at.
class Standstills {
 public:
  static constexpr std::size_t kRemembered = 4096;
  // It is felt for so many times its length at most, for all that falls behind may not be its.
  static constexpr std::int64_t kFelt = 20;

  // So many messages are in flight, and the thread runs.
  void in_flight(std::int64_t now_ns, std::uint64_t messages) noexcept {
    if (now_ns < felt_until_ns_) return;  // what it sent at once is not usual
    usual_.note(now_ns, messages);
  }

  // Later than those before; what two of them share counts once.
  void add(std::int64_t from_ns, std::int64_t to_ns) noexcept {
    if (to_ns <= until_ns_) return;
    total_ns_ += to_ns - std::max(from_ns, until_ns_);
    if (from_ns > until_ns_) {
      Standstill& oldest = all_[count_ % all_.size()];
      if (count_ >= all_.size()) forgotten_until_ns_ = oldest.to_ns;
      oldest = {from_ns, to_ns, to_ns, usual_.rounded_up()};
      ++count_;
    }
    until_ns_ = to_ns;
    feel(all_[(count_ - 1) % all_.size()]);
  }

  // One that was due then is answered, and so many are in flight. All that was due in a standstill
  // is sent before what was due behind it.
  void answered(std::int64_t due_ns, std::int64_t now_ns, std::uint64_t in_flight) noexcept {
    if (in_flight > most_usual_ || felt_until_ns_ <= now_ns) return;
    felt_until_ns_ = now_ns;
    most_usual_ = 0;
    each_felt_since(*this, now_ns, [&](Standstill& each) {
      if (due_ns >= each.to_ns && in_flight <= each.usual) {
        each.felt_until_ns = now_ns;
      } else {
        felt_until_ns_ = std::max(felt_until_ns_, each.felt_until_ns);
        most_usual_ = std::max(most_usual_, each.usual);
      }
    });
  }

  // Since when standstills may have delayed a message: since it was due, or since the first began
  // that was felt while it waited to be sent or was sent.
  std::int64_t felt_since_ns(std::int64_t due_ns, std::int64_t sent_ns) const noexcept {
    if (due_ns >= felt_until_ns_) return due_ns;
    std::int64_t since_ns = due_ns;
    each_felt_since(*this, due_ns, [&](const Standstill& each) {
      if (each.from_ns < sent_ns) since_ns = std::min(since_ns, each.from_ns);
    });
    return since_ns;
  }

  bool any_since(std::int64_t since_ns) const noexcept { return since_ns < until_ns_; }

  // How long in all.
  std::int64_t total_ns() const noexcept { return total_ns_; }

  // When the last one ended.
  std::int64_t until_ns() const noexcept { return until_ns_; }

  // How long since then, at most: all the time in which a standstill is forgotten counts.
  std::int64_t since_ns(std::int64_t since_ns) const noexcept {
    std::int64_t sum_ns = std::max<std::int64_t>(0, forgotten_until_ns_ - since_ns);
    since_ns = std::max(since_ns, forgotten_until_ns_);
    const std::size_t known = std::min<std::size_t>(count_, all_.size());
    for (std::size_t i = 1; i <= known; ++i) {
      const Standstill& each = all_[(count_ - i) % all_.size()];
      if (each.to_ns <= since_ns) break;
      sum_ns += each.to_ns - std::max(each.from_ns, since_ns);
    }
    return sum_ns;
  }

  // What was sent before this has had `allowed_ns` for its answer, and as long again as the thread
  // stood still since `allowed_ns` before it was sent, or since the first standstill that was still
  // felt then: a server on the same machine may have stood still as well, and has to make up for
  // that.
  std::int64_t overdue_before_ns(std::int64_t now_ns, std::int64_t allowed_ns) const noexcept {
    const std::int64_t latest_ns = now_ns - allowed_ns;
    std::int64_t before_ns = latest_ns;
    for (int round = 0; round < kRounds; ++round) {
      const std::int64_t since =
          std::min(before_ns - allowed_ns, felt_since_ns(before_ns, before_ns));
      const std::int64_t earlier_ns = latest_ns - since_ns(since);
      if (earlier_ns >= before_ns) break;
      before_ns = earlier_ns;
    }
    return before_ns;
  }

 private:
  struct Standstill {
    std::int64_t from_ns;
    std::int64_t to_ns;
    std::int64_t felt_until_ns;
    std::uint64_t usual;  // so many were in flight before it, on average
  };

  // How many are in flight on average, of this second and the one before; any number while there
  // was none before.
  class Usual {
   public:
    void note(std::int64_t now_ns, std::uint64_t messages) noexcept {
      if (now_ns - since_ns_ >= kSecond_ns) {
        since_ns_ = now_ns;
        before_ = now_;
        now_ = {};
      }
      now_.sum += messages;
      ++now_.readings;
    }
    std::uint64_t rounded_up() const noexcept {
      if (before_.readings == 0) return std::numeric_limits<std::uint64_t>::max();
      const std::uint64_t readings = before_.readings + now_.readings;
      return (before_.sum + now_.sum + readings - 1) / readings;
    }

   private:
    struct Second {
      std::uint64_t sum = 0;
      std::uint64_t readings = 0;
    };

    static constexpr std::int64_t kSecond_ns = 1'000'000'000;

    std::int64_t since_ns_ = 0;
    Second before_;
    Second now_;
  };

  void feel(Standstill& newest) noexcept {
    newest.to_ns = until_ns_;
    const std::int64_t felt_ns = kFelt * (newest.to_ns - newest.from_ns);
    newest.felt_until_ns = newest.to_ns + felt_ns;
    longest_felt_ns_ = std::max(longest_felt_ns_, newest.felt_until_ns - newest.from_ns);
    felt_until_ns_ = std::max(felt_until_ns_, newest.felt_until_ns);
    most_usual_ = std::max(most_usual_, newest.usual);
  }

  // Newest first.
  template <typename Self, typename Use>
  static void each_felt_since(Self& self, std::int64_t since_ns, Use use) noexcept {
    const std::size_t known = std::min<std::size_t>(self.count_, self.all_.size());
    for (std::size_t i = 1; i <= known; ++i) {
      auto& each = self.all_[(self.count_ - i) % self.all_.size()];
      if (each.from_ns + self.longest_felt_ns_ <= since_ns) return;
      if (each.felt_until_ns > since_ns) use(each);
    }
  }

  // Each gives those before it as long again, so a few are enough.
  static constexpr int kRounds = 64;

  std::array<Standstill, kRemembered> all_{};
  std::size_t count_ = 0;
  std::int64_t total_ns_ = 0;
  std::int64_t until_ns_ = std::numeric_limits<std::int64_t>::min();
  std::int64_t forgotten_until_ns_ = 0;
  // Of those that are still felt.
  std::int64_t felt_until_ns_ = std::numeric_limits<std::int64_t>::min();
  std::uint64_t most_usual_ = 0;
  std::int64_t longest_felt_ns_ = 0;
  Usual usual_;
};

}  // namespace oversoak::fleet
