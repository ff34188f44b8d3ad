-- sluice in Neovim (0.7 or newer): put this file in lua/, then require('sluice').setup() in init.lua.
-- setup{cmd = {...}} names another program or adds options, as in {'sluice', 'lsp', '-p', 'build'}.
local M = {}

-- The folder of the nearest of these, upwards: where the project is.
local marks = { '.sluice.yaml', 'compile_commands.json', '.git' }

local function root_of(path)
  local folder = vim.fn.fnamemodify(path, ':p:h')
  while true do
    for _, mark in ipairs(marks) do
      if vim.loop.fs_stat(folder .. '/' .. mark) then return folder end
    end
    local parent = vim.fn.fnamemodify(folder, ':h')
    if parent == folder then return vim.fn.fnamemodify(path, ':p:h') end
    folder = parent
  end
end

local clients = {} -- by root

function M.start(buffer, options)
  local path = vim.api.nvim_buf_get_name(buffer)
  if path == '' then return end
  local root = root_of(path)
  if not clients[root] then
    clients[root] = vim.lsp.start_client({
      name = 'sluice',
      cmd = options.cmd or { 'sluice', 'lsp' },
      root_dir = root,
      init_options = options.init_options,
      on_attach = options.on_attach,
      on_exit = function() clients[root] = nil end,
    })
  end
  if clients[root] then vim.lsp.buf_attach_client(buffer, clients[root]) end
end

function M.setup(options)
  options = options or {}
  vim.api.nvim_create_autocmd('FileType', {
    pattern = { 'c', 'cpp' },
    callback = function(event) M.start(event.buf, options) end,
  })
end

return M
