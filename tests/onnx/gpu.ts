import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** The software Vulkan driver that comes with Debian's chromium package, unless the user names another. */
const vulkan = (process.env.VK_DRIVER_FILES ??= '/usr/lib/chromium/vk_swiftshader_icd.json');
process.env.XDG_RUNTIME_DIR ??= tmpdir();

/** Whether tests of the WebGPU provider can run here. */
export const hasVulkan = existsSync(vulkan);
