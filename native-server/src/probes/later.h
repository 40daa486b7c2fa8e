#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace oversoak::probes {

// Does something once, on a thread of its own, after a time; not at all when it is destroyed
// before. The destructor joins the thread, so what is done may refer to the probe's own variables.
class Later {
 public:
  Later(unsigned long delay_ms, std::function<void()> what)
      : what_(std::move(what)), thread_([this, delay_ms] { run(delay_ms); }) {}
  ~Later() {
    {
      const std::lock_guard lock(mutex_);
      called_off_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  Later(const Later&) = delete;
  Later& operator=(const Later&) = delete;

 private:
  void run(unsigned long delay_ms) {
    std::unique_lock lock(mutex_);
    const auto delay = std::chrono::milliseconds(delay_ms);
    if (changed_.wait_for(lock, delay, [this] { return called_off_; })) return;
    lock.unlock();
    what_();
  }

  std::function<void()> what_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool called_off_ = false;
  std::thread thread_;  // last: the others are there before it runs
};

}  // namespace oversoak::probes
