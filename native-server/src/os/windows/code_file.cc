#include "os/code_file.h"

#include <windows.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace oversoak::os {
namespace {

[[noreturn]] void fail(const std::string& what, DWORD code) {
  throw std::runtime_error(what + ": system error " + std::to_string(code));
}

std::wstring wide(const std::string& text) {
  const int size = static_cast<int>(text.size());
  const int length =
      MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text.data(), size, nullptr, 0);
  std::wstring result(static_cast<std::size_t>(std::max(length, 0)), L'\0');
  if (length > 0) {
    MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text.data(), size, result.data(), length);
  }
  return result;
}

}  // namespace

// The open file, which nobody may write to, rename or delete meanwhile.
struct CodeFile::Held {
  explicit Held(const std::string& text)
      : path(wide(text)),
        file(CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ, nullptr, OPEN_EXISTING,
                         FILE_ATTRIBUTE_NORMAL, nullptr)) {}
  ~Held() {
    if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  const std::wstring path;
  const HANDLE file;
};

CodeFile::CodeFile(const std::string& path) : path_(path), held_(std::make_unique<Held>(path)) {
  const HANDLE file = held_->file;
  if (file == INVALID_HANDLE_VALUE) fail(path, GetLastError());
  LARGE_INTEGER size{};
  if (!GetFileSizeEx(file, &size)) fail(path, GetLastError());
  if (static_cast<std::uint64_t>(size.QuadPart) > kMaxBytes) {
    throw std::runtime_error(path + ": is larger than " + std::to_string(kMaxBytes) + " bytes");
  }
  bytes_.resize(static_cast<std::size_t>(size.QuadPart));
  std::size_t read = 0;
  while (read < bytes_.size()) {
    DWORD got = 0;
    const auto wanted = static_cast<DWORD>(bytes_.size() - read);
    if (!ReadFile(file, bytes_.data() + read, wanted, &got, nullptr)) fail(path, GetLastError());
    if (got == 0) throw std::runtime_error(path + ": ends before its size");
    read += got;
  }
}

CodeFile::~CodeFile() = default;

// By its full path. What it needs comes from the system's folder alone: nobody has looked at
// others. The system knows a library by its path, so the file of a loaded one must not change: it
// stays open.
void* CodeFile::load(const char* function) {
  static std::vector<std::unique_ptr<Held>> loaded;
  const HMODULE library =
      LoadLibraryExW(held_->path.c_str(), nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (library == nullptr) fail(path_ + ": cannot be loaded", GetLastError());
  loaded.push_back(std::move(held_));
  return reinterpret_cast<void*>(GetProcAddress(library, function));
}

}  // namespace oversoak::os
