#pragma once

#include <utility>

namespace oversoak::layout {

struct ZoneMessage;

// A counted reference to a zone message, or none. Any thread; each reference has one owner.
class ZoneRef {
 public:
  ZoneRef() = default;
  explicit ZoneRef(ZoneMessage& message) noexcept : message_(&message) { acquire(); }
  ZoneRef(const ZoneRef& other) noexcept : message_(other.message_) { acquire(); }
  ZoneRef(ZoneRef&& other) noexcept : message_(std::exchange(other.message_, nullptr)) {}
  ZoneRef& operator=(ZoneRef other) noexcept {
    std::swap(message_, other.message_);
    return *this;
  }
  ~ZoneRef() { release(); }

  explicit operator bool() const noexcept { return message_ != nullptr; }
  ZoneMessage& operator*() const noexcept { return *message_; }
  ZoneMessage* operator->() const noexcept { return message_; }

 private:
  void acquire() noexcept;
  void release() noexcept;

  ZoneMessage* message_ = nullptr;
};

}  // namespace oversoak::layout
