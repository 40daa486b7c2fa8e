#include "probes/temporary_file.h"

#include "io/sockets.h"
#include "probes/findings.h"

namespace oversoak::probes {
namespace {

[[noreturn]] void cannot(const char* what) {
  throw Inconclusive(std::string(what) + " failed: " + io::Error(GetLastError()).describe());
}

}  // namespace

TemporaryFile::TemporaryFile(DWORD flags) {
  wchar_t folder[MAX_PATH + 1];
  wchar_t path[MAX_PATH + 1];
  if (GetTempPathW(MAX_PATH, folder) == 0) cannot("GetTempPath");
  if (GetTempFileNameW(folder, L"osk", 0, path) == 0) cannot("GetTempFileName");
  handle_ = CreateFileW(path, GENERIC_READ | GENERIC_WRITE | DELETE, 0, nullptr, CREATE_ALWAYS,
                        FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE | flags, nullptr);
  if (handle_ == INVALID_HANDLE_VALUE) cannot("CreateFile");
}

std::uint64_t TemporaryFile::size_bytes() const {
  LARGE_INTEGER size;
  if (!GetFileSizeEx(handle_, &size)) cannot("GetFileSizeEx");
  return static_cast<std::uint64_t>(size.QuadPart);
}

void TemporaryFile::resize(std::uint64_t bytes) {
  LARGE_INTEGER position;
  position.QuadPart = static_cast<LONGLONG>(bytes);
  if (!SetFilePointerEx(handle_, position, nullptr, FILE_BEGIN)) cannot("SetFilePointerEx");
  if (!SetEndOfFile(handle_)) cannot("SetEndOfFile");
}

}  // namespace oversoak::probes
