-- Neovim as a user has it: the file of integrations/editors, a source that is opened, edited and mended.
local function fail(text)
  io.stderr:write('FAILED: ' .. text .. '\n')
  vim.cmd('cquit 1')
end

local function wait(what, done)
  if not vim.wait(30000, done, 20) then fail('nothing came: ' .. what) end
end

local folder, sluice = vim.env.PROJECT, vim.env.SLUICE
package.path = vim.env.EDITORS .. '/neovim/?.lua;' .. package.path
require('sluice').setup({ cmd = { sluice, 'lsp', '--cache', folder .. '/.cache' } })
vim.cmd('filetype on')
vim.cmd('edit ' .. folder .. '/a.c')

local function found() return vim.diagnostic.get(0) end
wait('a diagnostic', function() return #found() == 1 end)
local item = found()[1]
if item.code ~= 'null-return-unchecked' then fail('code ' .. vim.inspect(item)) end
if item.severity ~= vim.diagnostic.severity.WARN then fail('severity ' .. item.severity) end
if item.lnum ~= 6 or item.col ~= 11 then fail('place ' .. item.lnum .. ':' .. item.col) end
local lsp = item.user_data.lsp
if #lsp.relatedInformation < 2 then fail('no path') end

-- The fix, as vim.lsp.buf.code_action() would ask for it and apply it.
local params = vim.lsp.util.make_given_range_params({ 7, 11 }, { 7, 11 })
params.context = { diagnostics = {}, triggerKind = 1 }
local answers = vim.lsp.buf_request_sync(0, 'textDocument/codeAction', params, 30000)
local fix, allow
for _, answer in pairs(answers or {}) do
  for _, action in ipairs(answer.result or {}) do
    if vim.startswith(action.title, 'Fix: ') then fix = action end
    if vim.startswith(action.title, 'Allow ') then allow = action end
  end
end
if not fix or not allow then fail('no fix: ' .. vim.inspect(answers)) end
vim.lsp.util.apply_workspace_edit(fix.edit, 'utf-16')
wait('no diagnostic after the fix', function() return #found() == 0 end)

vim.cmd('undo')
wait('the diagnostic again', function() return #found() == 1 end)

local hover = vim.lsp.buf_request_sync(0, 'textDocument/hover', {
  textDocument = vim.lsp.util.make_text_document_params(), position = { line = 2, character = 6 } }, 30000)
local shown = vim.inspect(hover)
if not shown:find('early_return', 1, true) then fail('hover ' .. shown) end
print('ok: Neovim shows, mends and explains')
vim.cmd('qall!')
