// A README as it was read: words, lists, tables, pictures of its own. Nothing in it is ever taken for HTML.
import { Anchor, Code, Divider, ScrollArea, Table, Text, Title, type TitleOrder } from '@mantine/core'
import type { ReactNode } from 'react'
import { designFileUrl, type ReadmeBlock, type Span } from '../../server/contract/commons.ts'

/** Checked at the server already; here once more, because a link is what could do harm. */
const isSafe = (href: string): boolean => /^(https?:|mailto:)/i.test(href)

const Words = ({ spans }: { spans: readonly Span[] }) =>
  spans.map((span, at) => {
    let shown: ReactNode = span.text
    if (span.isCode) shown = <Code>{span.text}</Code>
    if (span.isStrong) shown = <strong>{shown}</strong>
    if (span.isEmphasised) shown = <em>{shown}</em>
    if (span.href !== null && isSafe(span.href)) {
      shown = (
        <Anchor href={span.href} target="_blank" rel="noopener noreferrer nofollow" inherit>
          {shown}
        </Anchor>
      )
    }
    // biome-ignore lint/suspicious/noArrayIndexKey: words of a text that never changes have no other name
    return <span key={at}>{shown}</span>
  })

/** Headings of a README stand below those of the page. */
const orderOf = (level: number): TitleOrder => (level <= 1 ? 3 : level === 2 ? 4 : level === 3 ? 5 : 6)

const Block = ({ block }: { block: ReadmeBlock }) => {
  switch (block.kind) {
    case 'heading':
      return (
        <Title order={orderOf(block.level)} mt="sm">
          <Words spans={block.spans} />
        </Title>
      )
    case 'paragraph':
      return (
        <Text className="pre-line">
          <Words spans={block.spans} />
        </Text>
      )
    case 'item':
      return (
        <div className="readme-item" style={{ marginLeft: Math.min(block.depth, 6) * 20 }}>
          <span aria-hidden>{block.mark}</span>
          <Text component="span">
            <Words spans={block.spans} />
          </Text>
        </div>
      )
    case 'quote':
      return (
        <Text component="blockquote" className="readme-quote">
          <Words spans={block.spans} />
        </Text>
      )
    case 'code':
      return (
        <ScrollArea type="auto">
          <Code block>{block.text}</Code>
        </ScrollArea>
      )
    case 'picture':
      return <img className="readme-picture" src={designFileUrl(block.fileId)} alt={block.text} loading="lazy" />
    case 'table':
      return <Cells rows={block.rows} />
    case 'rule':
      return <Divider my="xs" />
  }
}

const Cells = ({ rows }: { rows: readonly (readonly Span[][])[] }) => (
  <ScrollArea type="auto">
    <Table withTableBorder withColumnBorders>
      <Table.Tbody>
        {rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a table that never changes
          <Table.Tr key={at}>
            {row.map((spans, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: cells of a table that never changes
              <Table.Td key={column} fw={at === 0 ? 600 : undefined}>
                <Words spans={spans} />
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </ScrollArea>
)

export const ReadmeText = ({ blocks }: { blocks: readonly ReadmeBlock[] }) => (
  <div className="readme">
    {blocks.map((block, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: blocks of a text that never changes
      <Block key={at} block={block} />
    ))}
  </div>
)
