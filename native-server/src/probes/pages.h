#pragma once

#include <cstddef>
#include <span>

namespace oversoak::probes {

// Memory that ends at an inaccessible page: a write past its end is an access violation, not
// silent. Owned; zeroed at first.
class Pages {
 public:
  explicit Pages(std::size_t bytes);
  ~Pages();
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  std::span<char> bytes() noexcept { return bytes_; }

  // From now on any touch is an access violation.
  void forbid();

 private:
  char* base_;
  std::size_t usable_;  // whole pages
  std::span<char> bytes_;
};

}  // namespace oversoak::probes
