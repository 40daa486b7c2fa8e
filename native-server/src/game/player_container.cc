#include "game/player_container.h"

#include <array>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "fatal.h"
#include "os/clock.h"
#include "system_locks.h"

namespace oversoak::game {
namespace {

constexpr std::size_t kShards = 16;
// Neighbouring locks do not share a cache line.
constexpr std::size_t kCacheLineBytes = 64;

// Takes the lock and says how long that took. The clock is only read when somebody else has it.
template <typename Guard, typename Lock>
Guard acquire(Lock& lock, std::int64_t& wait_ns) {
  Guard guard(lock, std::try_to_lock);
  wait_ns = 0;
  if (guard.owns_lock()) return guard;
  const std::int64_t before_ns = os::now_ns();
  guard.lock();
  wait_ns = os::now_ns() - before_ns;
  return guard;
}

template <typename Lock>
struct ShardState {
  Lock lock;
  std::unordered_map<PlayerId, Place> places;
  std::uint64_t joins = 0;
  std::uint64_t leaves = 0;
};

// A shard fills its cache lines to the end by itself: padding that alignas has to add is warning
// C4324 of MSVC, and warnings are errors.
template <typename Lock>
struct alignas(kCacheLineBytes) Shard : ShardState<Lock> {
  std::byte rest[kCacheLineBytes - sizeof(ShardState<Lock>) % kCacheLineBytes];
};

// `shard_count` parts, each with a lock of its own; a player is always in the same one.
template <typename Lock, std::size_t shard_count>
class Container final : public PlayerContainer {
 public:
  void join(PlayerId id, const Place& place) override {
    Shard<Lock>& shard = shard_of(id);
    const std::unique_lock guard(shard.lock);
    if (!shard.places.emplace(id, place).second) fatal("a player joined twice");
    ++shard.joins;
  }

  bool leave(PlayerId id) override {
    Shard<Lock>& shard = shard_of(id);
    const std::unique_lock guard(shard.lock);
    if (shard.places.erase(id) == 0) return false;
    ++shard.leaves;
    return true;
  }

  std::optional<Place> find(PlayerId id, std::int64_t& lock_wait_ns) override {
    Shard<Lock>& shard = shard_of(id);
    const auto guard = acquire<std::shared_lock<Lock>>(shard.lock, lock_wait_ns);
    const auto found = shard.places.find(id);
    if (found == shard.places.end()) return std::nullopt;
    return found->second;
  }

  bool move(PlayerId id, const Place& to, const std::function<void()>& hand_over,
            std::int64_t& lock_wait_ns) override {
    Shard<Lock>& shard = shard_of(id);
    const auto guard = acquire<std::unique_lock<Lock>>(shard.lock, lock_wait_ns);
    const auto found = shard.places.find(id);
    if (found == shard.places.end()) return false;
    found->second = to;
    hand_over();
    return true;
  }

  Census census() override {
    Census total;
    for (Shard<Lock>& shard : shards_) {
      const std::shared_lock guard(shard.lock);
      total.joins += shard.joins;
      total.leaves += shard.leaves;
      total.live += shard.places.size();
    }
    return total;
  }

 private:
  Shard<Lock>& shard_of(PlayerId id) noexcept { return shards_[id % shard_count]; }

  std::array<Shard<Lock>, shard_count> shards_;
};

}  // namespace

std::unique_ptr<PlayerContainer> make_player_container(LockKind kind) {
  switch (kind) {
    case LockKind::mutex:
      return std::make_unique<Container<os::Mutex, 1>>();
    case LockKind::srwlock:
      return std::make_unique<Container<os::SrwLock, 1>>();
    case LockKind::sharded:
      return std::make_unique<Container<os::SrwLock, kShards>>();
  }
  fatal("a player container's lock without a maker");
}

}  // namespace oversoak::game
