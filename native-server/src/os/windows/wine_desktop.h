#pragma once

namespace oversoak::os {

// Under Wine: returns once message-only windows can be made, and starts the desktop that they need
// if no program has. On Windows it does nothing. Any thread, before its first window.
void await_desktop_of_wine();

}  // namespace oversoak::os
