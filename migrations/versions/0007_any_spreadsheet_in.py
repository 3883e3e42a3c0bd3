"""Any spreadsheet in, everything out: imports, merges, exports, saved views, tags, custom fields, attachments, trash."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('custom_field',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=6), nullable=False),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_custom_field')),
    sa.UniqueConstraint('key', name=op.f('uq_custom_field_key'))
    )
    op.create_table('import_mapping',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('reading', sa.JSON(), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['used_by_id'], ['users.id'], name=op.f('fk_import_mapping_used_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_mapping')),
    sa.UniqueConstraint('fingerprint', name=op.f('uq_import_mapping_fingerprint'))
    )
    op.create_table('saved_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('query', sa.Text(), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_saved_view_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view'))
    )
    with op.batch_alter_table('saved_view', schema=None) as batch_op:
        batch_op.create_index('ix_saved_view_user_id_position', ['user_id', 'position'], unique=False)

    op.create_table('trashed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=400), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('links', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_trashed_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trashed'))
    )
    with op.batch_alter_table('trashed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_trashed_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_trashed_at'), ['at'], unique=False)

    op.create_table('account_alias',
    sa.Column('external_id', sa.String(length=120), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_alias_account_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('external_id', name=op.f('pk_account_alias'))
    )
    with op.batch_alter_table('account_alias', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_alias_account_id'), ['account_id'], unique=False)

    op.create_table('account_tag',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('tag', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_tag_account_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', 'tag', name=op.f('pk_account_tag'))
    )
    with op.batch_alter_table('account_tag', schema=None) as batch_op:
        batch_op.create_index('ix_account_tag_tag_account_id', ['tag', 'account_id'], unique=False)

    op.create_table('attachment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_attachment_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_attachment_created_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_attachment_file_id_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_account_id'), ['account_id'], unique=False)

    op.create_table('custom_value',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('field_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=400), nullable=True),
    sa.Column('number', sa.Double(), nullable=True),
    sa.Column('date', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_custom_value_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['field_id'], ['custom_field.id'], name=op.f('fk_custom_value_field_id_custom_field'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', 'field_id', name=op.f('pk_custom_value'))
    )
    with op.batch_alter_table('custom_value', schema=None) as batch_op:
        batch_op.create_index('ix_custom_value_field_id_date', ['field_id', 'date'], unique=False)
        batch_op.create_index('ix_custom_value_field_id_number', ['field_id', 'number'], unique=False)
        batch_op.create_index('ix_custom_value_field_id_text', ['field_id', 'text'], unique=False)

    op.create_table('duplicate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('likeness', sa.Float(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('found_on', sa.Date(), nullable=False),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('judged_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['first_id'], ['account.id'], name=op.f('fk_duplicate_first_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['judged_by_id'], ['users.id'], name=op.f('fk_duplicate_judged_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['second_id'], ['account.id'], name=op.f('fk_duplicate_second_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duplicate')),
    sa.UniqueConstraint('first_id', 'second_id', name=op.f('uq_duplicate_first_id_second_id'))
    )
    with op.batch_alter_table('duplicate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duplicate_second_id'), ['second_id'], unique=False)

    op.create_table('export_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_export_run_created_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_export_run_file_id_stored_file'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_export_run_job_id_job'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_export_run'))
    )
    op.create_table('import_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('examples', sa.JSON(), nullable=False),
    sa.Column('refusals', sa.JSON(), nullable=False),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.Column('error', sa.JSON(), nullable=False),
    sa.Column('refused_file_id', sa.Integer(), nullable=True),
    sa.Column('undo_file_id', sa.Integer(), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by_id', sa.Integer(), nullable=True),
    sa.Column('kept', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['users.id'], name=op.f('fk_import_run_created_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_import_run_job_id_job'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['refused_file_id'], ['stored_file.id'], name=op.f('fk_import_run_refused_file_id_stored_file'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['undo_file_id'], ['stored_file.id'], name=op.f('fk_import_run_undo_file_id_stored_file'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['undone_by_id'], ['users.id'], name=op.f('fk_import_run_undone_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_run'))
    )
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.create_index('ix_import_run_created_at', ['created_at'], unique=False)

    op.create_table('merge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kept_id', sa.Integer(), nullable=False),
    sa.Column('gone_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('moved', sa.JSON(), nullable=False),
    sa.Column('aside', sa.JSON(), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_merge_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['gone_id'], ['account.id'], name=op.f('fk_merge_gone_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['kept_id'], ['account.id'], name=op.f('fk_merge_kept_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['undone_by_id'], ['users.id'], name=op.f('fk_merge_undone_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merge'))
    )
    with op.batch_alter_table('merge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_merge_gone_id'), ['gone_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_merge_kept_id'), ['kept_id'], unique=False)

    op.create_table('import_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('sheet', sa.String(length=120), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('found', sa.JSON(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('reading', sa.JSON(), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_import_file_file_id_stored_file'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['run_id'], ['import_run.id'], name=op.f('fk_import_file_run_id_import_run'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_file'))
    )
    with op.batch_alter_table('import_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_file_run_id'), ['run_id'], unique=False)

    with op.batch_alter_table('account_card', schema=None) as batch_op:
        batch_op.add_column(sa.Column('tier', sa.String(length=1), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('rank_score', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('lifetime_cents', sa.BigInteger(), nullable=True))
        batch_op.create_index('ix_account_card_rank_score_account_id', ['rank_score', 'account_id'], unique=False)
        batch_op.create_index('ix_account_card_tier_name_folded', ['tier', 'name_folded'], unique=False)

    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.add_column(sa.Column('portfolio_columns', sa.JSON(), nullable=False, server_default='[]'))



def downgrade() -> None:
    with op.batch_alter_table('users', schema=None) as batch_op:
        batch_op.drop_column('portfolio_columns')

    with op.batch_alter_table('account_card', schema=None) as batch_op:
        batch_op.drop_index('ix_account_card_tier_name_folded')
        batch_op.drop_index('ix_account_card_rank_score_account_id')
        batch_op.drop_column('lifetime_cents')
        batch_op.drop_column('rank_score')
        batch_op.drop_column('tier')

    with op.batch_alter_table('import_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_file_run_id'))

    op.drop_table('import_file')
    with op.batch_alter_table('merge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_merge_kept_id'))
        batch_op.drop_index(batch_op.f('ix_merge_gone_id'))

    op.drop_table('merge')
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.drop_index('ix_import_run_created_at')

    op.drop_table('import_run')
    op.drop_table('export_run')
    with op.batch_alter_table('duplicate', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_duplicate_second_id'))

    op.drop_table('duplicate')
    with op.batch_alter_table('custom_value', schema=None) as batch_op:
        batch_op.drop_index('ix_custom_value_field_id_text')
        batch_op.drop_index('ix_custom_value_field_id_number')
        batch_op.drop_index('ix_custom_value_field_id_date')

    op.drop_table('custom_value')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachment_account_id'))

    op.drop_table('attachment')
    with op.batch_alter_table('account_tag', schema=None) as batch_op:
        batch_op.drop_index('ix_account_tag_tag_account_id')

    op.drop_table('account_tag')
    with op.batch_alter_table('account_alias', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_alias_account_id'))

    op.drop_table('account_alias')
    with op.batch_alter_table('trashed', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_trashed_at'))
        batch_op.drop_index(batch_op.f('ix_trashed_account_id'))

    op.drop_table('trashed')
    with op.batch_alter_table('saved_view', schema=None) as batch_op:
        batch_op.drop_index('ix_saved_view_user_id_position')

    op.drop_table('saved_view')
    op.drop_table('import_mapping')
    op.drop_table('custom_field')
